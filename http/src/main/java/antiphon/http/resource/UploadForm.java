package antiphon.http.resource;

import antiphon.core.api.Files;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.StoredFile;
import antiphon.http.error.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form of an upload. Its file goes where it is kept as it comes; its fields are short. */
final class UploadForm implements Multipart.Parts {

  private static final String FILE = "file";
  private static final String PURPOSE = "purpose";
  private static final String ANCHOR = "expires_after[anchor]";
  private static final String SECONDS = "expires_after[seconds]";
  private static final int MOST_FIELD = 4096;

  private final Files.Upload upload;
  private final Map<String, ByteArrayOutputStream> fields = new HashMap<>();
  private Multipart.@Nullable Part file;

  UploadForm(Files.Upload upload) {
    this.upload = upload;
  }

  @Override
  public Multipart.Sink begin(Multipart.Part part) {
    if (part.name().equals(FILE)) {
      if (file != null) {
        throw Refusal.badRequest(FILE, "'file' is given more than once.");
      }
      file = part;
      return upload::write;
    }
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    if (fields.putIfAbsent(part.name(), field) != null) {
      throw Refusal.badRequest(part.name(), "'" + part.name() + "' is given more than once.");
    }
    return (bytes, offset, length) -> {
      if (field.size() + length > MOST_FIELD) {
        throw Refusal.badRequest(part.name(), "Invalid '" + part.name() + "': it is too long.");
      }
      field.write(bytes, offset, length);
    };
  }

  /** All of the form has come. */
  StoredFile finish() {
    Multipart.Part given = file;
    if (given == null) {
      throw Refusal.badRequest(FILE, "Missing required parameter: 'file'.");
    }
    String purpose = text(PURPOSE);
    if (purpose == null) {
      throw Refusal.badRequest(PURPOSE, "Missing required parameter: 'purpose'.");
    }
    FilePurpose known = FilesResource.purpose(purpose);
    String filename = given.filename() == null ? "" : given.filename();
    return upload.finish(filename, given.contentType(), known, expiry());
  }

  private @Nullable Duration expiry() {
    String anchor = text(ANCHOR);
    String seconds = text(SECONDS);
    if (anchor == null && seconds == null) {
      return null;
    }
    if (anchor == null || !anchor.equals("created_at")) {
      throw Refusal.badRequest(ANCHOR, "Invalid '" + ANCHOR + "': must be 'created_at'.");
    }
    try {
      return Duration.ofSeconds(Long.parseLong(seconds == null ? "" : seconds));
    } catch (NumberFormatException | ArithmeticException _) {
      throw Refusal.badRequest(SECONDS, "Invalid '" + SECONDS + "': must be an integer.");
    }
  }

  private @Nullable String text(String field) {
    ByteArrayOutputStream bytes = fields.get(field);
    return bytes == null ? null : bytes.toString(StandardCharsets.UTF_8);
  }
}
