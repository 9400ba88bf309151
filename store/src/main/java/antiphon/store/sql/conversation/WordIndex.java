package antiphon.store.sql.conversation;

import antiphon.store.sql.jdbc.Session;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Items of conversations with the words they are found by, in the database's own way. */
public interface WordIndex {

  /**
   * An item to be inserted.
   *
   * @param item packed
   * @param told packed, or null
   * @param words parted by spaces
   */
  record Entry(
      long position, String id, int bytes, byte[] item, byte @Nullable [] told, String words) {}

  /**
   * Inserts items; one whose id is there already is passed over.
   *
   * @param owner a word that stands for the owner
   * @return how many bytes were inserted, as JSON
   */
  long insert(Session session, long conversation, String owner, List<Entry> entries)
      throws SQLException;

  /** Deletes an item. */
  void delete(Session session, long item) throws SQLException;

  /** Replaces the words of a conversation's metadata. */
  void metadata(Session session, long conversation, String owner, String words) throws SQLException;

  /** The rows of the conversations that have all the words; takes {@link #query} twice. */
  String matching();

  /** What {@link #matching} takes. */
  String query(String owner, String words);

  /** Removes what deleted conversations have had, a few rows; takes nothing back. */
  int purge(Session session, long age, int batch) throws SQLException;
}
