package antiphon.http.resource;

import antiphon.core.api.Containers;
import antiphon.core.container.ContainerFile;
import antiphon.core.container.ContainerId;
import antiphon.core.file.MediaTypes;
import antiphon.core.response.Owner;
import antiphon.core.store.PageRequest;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.http.wire.Exchange;
import antiphon.protocol.container.AddContainerFile;
import antiphon.protocol.container.ContainerFileObject;
import antiphon.protocol.response.DeletedObject;
import antiphon.protocol.response.ListPage;
import io.vertx.core.http.HttpHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /containers/{container_id}/files}. */
public final class ContainerFilesResource {

  private static final String FOLDER = "/mnt/data/";

  /** What a body has beside its file. */
  private static final long AROUND = 1024 * 1024;

  private final Containers containers;
  private final JsonBody bodies;

  /**
   * @param bodies reads requests' bodies
   */
  public ContainerFilesResource(Containers containers, JsonBody bodies) {
    this.containers = containers;
    this.bodies = bodies;
  }

  /** POST: a form with a file, or the id of an uploaded one. */
  public void add(Call call, Owner owner) throws InterruptedException {
    ContainerId id = ContainersResource.id(call, owner);
    String type = call.exchange().header(HttpHeaders.CONTENT_TYPE);
    ContainerFile file;
    if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      try (Form form = new Form(containers, id)) {
        Multipart.read(call.exchange(), containers.maxFileBytes() + AROUND, form);
        file = form.finish();
      }
    } else {
      String fileId = bodies.read(call.exchange(), AddContainerFile.class).fileId();
      file = containers.copy(id, fileId);
    }
    Replies.json(call.exchange(), wire(id, file));
  }

  /** GET: all files, or a page of them. */
  public void list(Call call, Owner owner) throws InterruptedException {
    ContainerId id = ContainersResource.id(call, owner);
    PageRequest page = Lists.page(call.query());
    List<ContainerFile> all = new ArrayList<>(containers.files(id));
    Comparator<ContainerFile> order =
        Comparator.comparingLong(ContainerFile::modifiedAt).thenComparing(ContainerFile::path);
    all.sort(page.descending() ? order.reversed() : order);
    int from = page.after() == null ? 0 : place(all, page.after(), "after") + 1;
    int end = page.before() == null ? all.size() : place(all, page.before(), "before");
    int to = Math.min(Math.max(from, end), from + page.limit());
    List<ContainerFileObject> data =
        all.subList(from, to).stream().map(file -> wire(id, file)).toList();
    String first = data.isEmpty() ? "" : data.getFirst().id();
    String last = data.isEmpty() ? "" : data.getLast().id();
    Replies.json(call.exchange(), new ListPage<>(data, to < end, first, last));
  }

  private static int place(List<ContainerFile> all, String id, String param) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).id().equals(id)) {
        return i;
      }
    }
    throw Refusal.badRequest(param, "The list has no entry with this id.");
  }

  /** GET of one. */
  public void get(Call call, Owner owner) throws InterruptedException {
    ContainerId id = ContainersResource.id(call, owner);
    Replies.json(call.exchange(), wire(id, containers.file(id, fileId(call))));
  }

  /** DELETE of one. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    ContainerId id = ContainersResource.id(call, owner);
    String fileId = fileId(call);
    containers.deleteFile(id, fileId);
    Replies.json(call.exchange(), new DeletedObject(fileId, "container.file.deleted", true));
  }

  /** GET of {@code content}: the bytes. */
  public void content(Call call, Owner owner) throws InterruptedException {
    ContainerId id = ContainersResource.id(call, owner);
    ContainerFile file = containers.file(id, fileId(call));
    Exchange exchange = call.exchange();
    byte[] part = containers.read(id, file, 0);
    String name = file.path().substring(file.path().lastIndexOf('/') + 1);
    // Nobody's page is to run here, under this server's name.
    exchange.setHeader("x-content-type-options", "nosniff");
    exchange.setHeader(
        "content-disposition",
        "attachment; filename*=UTF-8''"
            + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    exchange.open(200, MediaTypes.of(name, null));
    if (!exchange.method().equals("HEAD")) {
      // It may grow meanwhile, for ever: as long as it was is what is sent.
      long left = file.bytes();
      for (long at = 0; part.length > 0 && left > 0; part = containers.read(id, file, at)) {
        byte[] sent = part.length <= left ? part : java.util.Arrays.copyOf(part, (int) left);
        exchange.write(sent);
        at += sent.length;
        left -= sent.length;
        if (left == 0) {
          break;
        }
      }
    }
    exchange.finish(new byte[0]);
  }

  private static String fileId(Call call) {
    return call.variables().get(1);
  }

  private static ContainerFileObject wire(ContainerId id, ContainerFile file) {
    return new ContainerFileObject(
        file.id(),
        id.value(),
        Math.floorDiv(file.modifiedAt(), 1000),
        file.bytes(),
        FOLDER + file.path(),
        file.byUser() ? "user" : "assistant");
  }

  /** The form of an upload: its file goes into the container as it comes. */
  private static final class Form implements Multipart.Parts, AutoCloseable {

    private final Containers containers;
    private final ContainerId id;
    private Containers.@Nullable Upload upload;

    private Form(Containers containers, ContainerId id) {
      this.containers = containers;
      this.id = id;
    }

    @Override
    public Multipart.Sink begin(Multipart.Part part) {
      if (!part.name().equals("file")) {
        return (_, _, _) -> {};
      }
      if (upload != null) {
        throw Refusal.badRequest("file", "'file' is given more than once.");
      }
      String name = part.filename() == null ? "" : part.filename();
      Containers.Upload begun = containers.upload(id, name);
      upload = begun;
      return begun::write;
    }

    private ContainerFile finish() throws InterruptedException {
      if (upload == null) {
        throw Refusal.badRequest("file", "Missing required parameter: 'file'.");
      }
      return upload.finish();
    }

    @Override
    public void close() {
      if (upload != null) {
        upload.close();
      }
    }
  }
}
