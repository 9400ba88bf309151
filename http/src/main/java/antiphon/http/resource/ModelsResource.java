package antiphon.http.resource;

import antiphon.core.api.Models;
import antiphon.core.engine.EngineModel;
import antiphon.core.response.Owner;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /models}: what the server can run. */
public final class ModelsResource {

  private final Models models;

  public ModelsResource(Models models) {
    this.models = models;
  }

  /** A model on the wire. */
  record Model(
      String id, String object, long created, String ownedBy, @Nullable Integer contextLength) {
    static Model of(EngineModel model) {
      return new Model(
          model.id(), "model", model.created(), model.ownedBy(), model.contextLength());
    }
  }

  /** All of them on the wire. */
  record ModelList(String object, List<Model> data) {}

  /** GET: all, the default one first. */
  public void list(Call call, Owner owner) throws InterruptedException {
    List<Model> data = models.list().stream().map(Model::of).toList();
    Replies.json(call.exchange(), new ModelList("list", data));
  }

  /** GET of one; {@code auto} is the default one. */
  public void get(Call call, Owner owner) throws InterruptedException {
    String id = call.variable();
    EngineModel model = models.find(id).orElseThrow(() -> Refusal.unknownModel(id));
    Replies.json(call.exchange(), Model.of(model));
  }
}
