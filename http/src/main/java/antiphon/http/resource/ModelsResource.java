package antiphon.http.resource;

import antiphon.core.api.Models;
import antiphon.core.engine.EngineModel;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.http.wire.Exchange;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.ListPage;
import antiphon.protocol.response.Model;
import java.util.List;

/** {@code /models}. */
public final class ModelsResource {

  private final Models models;

  public ModelsResource(Models models) {
    this.models = models;
  }

  /** {@code GET /models}. */
  public void list(Exchange exchange) {
    List<Model> all = models.list().stream().map(ModelsResource::wire).toList();
    String first = all.isEmpty() ? "" : all.getFirst().id();
    String last = all.isEmpty() ? "" : all.getLast().id();
    exchange.json(200, Json.bytes(new ListPage<>(all, false, first, last)));
  }

  /** {@code GET /models/{model_id}}. */
  public void get(Exchange exchange) {
    String id = exchange.param("model_id");
    EngineModel model =
        models
            .find(id)
            .orElseThrow(
                () ->
                    new Rejected(
                        new Problem.NotFound("The model '" + id + "' does not exist.", "model")));
    exchange.json(200, Json.bytes(wire(model)));
  }

  private static Model wire(EngineModel model) {
    return new Model(model.id(), model.created(), model.ownedBy());
  }
}
