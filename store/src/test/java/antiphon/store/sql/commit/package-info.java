@org.jspecify.annotations.NullMarked
package antiphon.store.sql.commit;
