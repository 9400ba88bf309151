/** Reading files to text: plain text here, everything else in a process of its own. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.extract;
