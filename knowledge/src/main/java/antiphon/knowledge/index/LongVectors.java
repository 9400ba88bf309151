package antiphon.knowledge.index;

import java.io.IOException;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/** Lucene's usual codec for vectors of more than 1,024 numbers, which its own is shy of. */
public final class LongVectors extends FilterCodec {

  /** More than any model has. */
  static final int MOST = 8192;

  private final KnnVectorsFormat vectors =
      new PerFieldKnnVectorsFormat() {
        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
          return new LongFormat();
        }
      };

  public LongVectors() {
    // Under its own name: what is written is read without this class.
    super("Lucene104", new Lucene104Codec());
  }

  @Override
  public KnnVectorsFormat knnVectorsFormat() {
    return vectors;
  }

  private static final class LongFormat extends KnnVectorsFormat {
    private final KnnVectorsFormat plain;

    LongFormat() {
      this(new Lucene99HnswVectorsFormat());
    }

    private LongFormat(KnnVectorsFormat plain) {
      super(plain.getName());
      this.plain = plain;
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
      return plain.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      return plain.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
      return MOST;
    }
  }
}
