package antiphon.http.resource;

import antiphon.core.api.Files;
import antiphon.core.file.FileFilter;
import antiphon.core.file.FileId;
import antiphon.core.file.FilePurpose;
import antiphon.core.file.MediaTypes;
import antiphon.core.file.StoredFile;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.http.route.Mount;
import antiphon.http.route.Query;
import antiphon.http.wire.Exchange;
import antiphon.protocol.file.FileObject;
import antiphon.protocol.response.DeletedObject;
import antiphon.protocol.response.ListPage;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /files} and all below it. */
public final class FilesResource {

  private static final int MOST_LISTED = 10_000;
  private static final int AT_ONCE = 64 * 1024;

  /** What a body has beside its file. */
  private static final long AROUND = 1024 * 1024;

  /** MKA1's client raises on any other type. */
  private static final Set<String> MKA1_TYPES =
      Set.of(
          "text/plain",
          "text/csv",
          "text/html",
          "text/css",
          "text/javascript",
          "text/markdown",
          "text/xml",
          "text/x-python",
          "application/json",
          "application/x-ndjson",
          "application/jsonl",
          "application/xml",
          "application/javascript",
          "application/pdf",
          "image/png",
          "image/jpeg",
          "image/jpg",
          "image/gif",
          "image/webp",
          "image/tiff",
          "application/msword",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/vnd.ms-excel",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.ms-powerpoint",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation",
          "application/rtf",
          "image/svg+xml");

  private final Files files;

  public FilesResource(Files files) {
    this.files = files;
  }

  /** POST: a form with the file, its purpose and maybe when it expires. */
  public void upload(Call call, Owner owner) throws InterruptedException {
    try (Files.Upload upload = files.upload(owner)) {
      UploadForm form = new UploadForm(upload);
      Multipart.read(call.exchange(), files.maxBytes() + AROUND, form);
      Replies.json(call.exchange(), wire(form.finish()));
    }
  }

  /** GET: the owner's files. */
  public void list(Call call, Owner owner) throws InterruptedException {
    Query query = call.query();
    long limit = query.number("limit", MOST_LISTED, 1, MOST_LISTED);
    boolean descending = query.choice("order", true, "desc", "asc");
    PageRequest page =
        new PageRequest((int) limit, descending, query.text("after"), query.text("before"));
    String sha256 = query.text("sha256");
    Page<StoredFile> found = files.list(owner, new FileFilter(purpose(query), sha256), page);
    List<FileObject> data = found.data().stream().map(FilesResource::wire).toList();
    String first = data.isEmpty() ? "" : data.getFirst().id();
    String last = data.isEmpty() ? "" : data.getLast().id();
    Replies.json(call.exchange(), new ListPage<>(data, found.hasMore(), first, last));
  }

  private static @Nullable FilePurpose purpose(Query query) {
    String word = query.text("purpose");
    return word == null ? null : purpose(word);
  }

  static FilePurpose purpose(String word) {
    return FilePurpose.of(word)
        .orElseThrow(() ->
            Refusal.badRequest(
                "purpose",
                "Invalid 'purpose': must be one of "
                    + String.join(", ", FilePurpose.words())
                    + "."));
  }

  /** GET of one. */
  public void get(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), wire(files.get(id(call, owner))));
  }

  /** DELETE. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    FileId id = id(call, owner);
    files.delete(id);
    Replies.json(call.exchange(), new DeletedObject(id.value(), "file", true));
  }

  /** GET of {@code content}: the bytes. */
  public void content(Call call, Owner owner) throws InterruptedException {
    Exchange exchange = call.exchange();
    try (Files.Content content = files.content(id(call, owner))) {
      StoredFile file = content.file();
      exchange.setHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(file.bytes()));
      // Nobody's page is to run here, under this server's name.
      exchange.setHeader("x-content-type-options", "nosniff");
      exchange.setHeader("content-disposition", attachment(file.filename()));
      exchange.open(200, type(call.mount(), file.contentType()));
      if (!exchange.method().equals("HEAD")) {
        write(content.bytes(), exchange);
      }
      exchange.finish(new byte[0]);
    } catch (IOException e) {
      throw new IllegalStateException("a file could not be read to its end", e);
    }
  }

  private static void write(InputStream in, Exchange exchange)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[AT_ONCE];
    int count;
    while ((count = in.read(buffer)) >= 0) {
      exchange.write(count == buffer.length ? buffer : Arrays.copyOf(buffer, count));
    }
  }

  private static String type(Mount mount, String type) {
    String shown = mount == Mount.MKA1 && !MKA1_TYPES.contains(type) ? "text/plain" : type;
    return shown.equals(MediaTypes.UNKNOWN) || !shown.startsWith("text/")
        ? shown
        : shown + "; charset=utf-8";
  }

  private static String attachment(String filename) {
    String coded = URLEncoder.encode(filename, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename*=UTF-8''" + coded;
  }

  private static FileId id(Call call, Owner owner) {
    return new FileId(owner, call.variable());
  }

  static FileObject wire(StoredFile file) {
    Long expiresAt = file.expiresAt();
    return new FileObject(
        file.id().value(),
        file.bytes(),
        Math.floorDiv(file.createdAt(), 1000),
        expiresAt == null ? null : Math.floorDiv(expiresAt, 1000),
        file.filename(),
        file.purpose().wire(),
        file.sha256());
  }
}
