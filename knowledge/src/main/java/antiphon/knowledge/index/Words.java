package antiphon.knowledge.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Texts as words: in any language by Unicode's bounds, Chinese and its kin in pairs of letters,
 * accents and English endings aside.
 */
public final class Words extends Analyzer {

  private static final CharArraySet STOP = EnglishAnalyzer.getDefaultStopSet();

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer tokenizer = new StandardTokenizer();
    TokenStream words = new CJKBigramFilter(new LowerCaseFilter(tokenizer));
    words = new ASCIIFoldingFilter(words);
    words = new KStemFilter(new StopFilter(words, STOP));
    return new TokenStreamComponents(tokenizer, words);
  }

  /**
   * The words of a query, each once.
   *
   * @param most how many, from the first on
   */
  public List<String> of(String text, int most) {
    Set<String> words = new LinkedHashSet<>();
    try (TokenStream stream = tokenStream("text", text)) {
      CharTermAttribute word = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (words.size() < most && stream.incrementToken()) {
        words.add(word.toString());
      }
      stream.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ArrayList<>(words);
  }
}
