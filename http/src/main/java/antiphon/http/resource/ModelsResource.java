package antiphon.http.resource;

import antiphon.core.api.Models;
import antiphon.core.engine.EngineModel;
import antiphon.core.response.Owner;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.protocol.response.Model;
import antiphon.protocol.response.ModelList;
import java.util.List;

/** {@code /models}: what the server can run. */
public final class ModelsResource {

  private final Models models;

  public ModelsResource(Models models) {
    this.models = models;
  }

  /** GET: all, the default one first. */
  public void list(Call call, Owner owner) throws InterruptedException {
    List<Model> data = models.list().stream().map(ModelsResource::wire).toList();
    Replies.json(call.exchange(), new ModelList(data));
  }

  /** GET of one; {@code auto} is the default one. */
  public void get(Call call, Owner owner) throws InterruptedException {
    String id = call.variable();
    EngineModel model = models.find(id).orElseThrow(() -> Refusal.unknownModel(id));
    Replies.json(call.exchange(), wire(model));
  }

  private static Model wire(EngineModel model) {
    Model.Capabilities can = new Model.Capabilities(true, true, false, false, null);
    return Model.text(model.id(), model.created(), model.ownedBy(), model.contextLength(), can);
  }
}
