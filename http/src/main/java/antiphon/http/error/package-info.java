/** Every refusal and failure as a status, headers and one shape of body. */
@org.jspecify.annotations.NullMarked
package antiphon.http.error;
