package antiphon.knowledge.index;

import antiphon.core.vector.Filter;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;
import tools.jackson.databind.JsonNode;

/** Attributes of files as fields of their chunks, and filters as queries of them. */
final class Filters {

  private static final String TEXT = "attribute text ";
  private static final String NUMBER = "attribute number ";
  private static final String TRUTH = "attribute truth ";

  private Filters() {}

  static void add(Document document, Map<String, JsonNode> attributes) {
    attributes.forEach((key, value) -> {
      if (value.isNumber()) {
        document.add(new DoublePoint(NUMBER + key, value.asDouble()));
      } else if (value.isBoolean()) {
        document.add(new StringField(TRUTH + key, value.toString(), Field.Store.NO));
      } else {
        document.add(new StringField(TEXT + key, value.asString(), Field.Store.NO));
      }
    });
  }

  static Query query(Filter filter) {
    return switch (filter) {
      case Filter.Compare(var how, String key, JsonNode value) -> compare(how, key, value);
      case Filter.In(String key, var values) -> {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (JsonNode value : values) {
          any.add(compare(Filter.Comparing.EQ, key, value), Occur.SHOULD);
        }
        yield any.build();
      }
      case Filter.Not(Filter inner) ->
          new BooleanQuery.Builder()
              .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
              .add(query(inner), Occur.MUST_NOT)
              .build();
      case Filter.And(var filters) -> {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        filters.forEach(one -> all.add(query(one), Occur.FILTER));
        yield all.build();
      }
      case Filter.Or(var filters) -> {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        filters.forEach(one -> any.add(query(one), Occur.SHOULD));
        yield any.build();
      }
    };
  }

  private static Query compare(Filter.Comparing how, String key, JsonNode value) {
    if (value.isNumber()) {
      return number(how, NUMBER + key, value.asDouble());
    }
    if (value.isBoolean()) {
      return new TermQuery(new Term(TRUTH + key, value.toString()));
    }
    String field = TEXT + key;
    BytesRef text = new BytesRef(value.asString());
    return switch (how) {
      case EQ -> new TermQuery(new Term(field, text));
      case GT -> new TermRangeQuery(field, text, null, false, true);
      case GTE -> new TermRangeQuery(field, text, null, true, true);
      case LT -> new TermRangeQuery(field, null, text, true, false);
      case LTE -> new TermRangeQuery(field, null, text, true, true);
    };
  }

  private static Query number(Filter.Comparing how, String field, double value) {
    return switch (how) {
      case EQ -> DoublePoint.newExactQuery(field, value);
      case GT ->
          DoublePoint.newRangeQuery(field, DoublePoint.nextUp(value), Double.POSITIVE_INFINITY);
      case GTE -> DoublePoint.newRangeQuery(field, value, Double.POSITIVE_INFINITY);
      case LT ->
          DoublePoint.newRangeQuery(field, Double.NEGATIVE_INFINITY, DoublePoint.nextDown(value));
      case LTE -> DoublePoint.newRangeQuery(field, Double.NEGATIVE_INFINITY, value);
    };
  }
}
