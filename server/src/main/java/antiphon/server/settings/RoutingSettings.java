package antiphon.server.settings;

import antiphon.core.engine.ModelMap;
import antiphon.core.queue.TenantLimits;
import java.util.List;

/**
 * What runs which models, and for whom how much.
 *
 * @param engines empty for llama.cpp's server alone
 * @param models the public names
 * @param tenants how many responses each tenant may have running
 */
public record RoutingSettings(List<EngineSettings> engines, ModelMap models, TenantLimits tenants) {

  /** llama.cpp's server with its own model, for everybody. */
  public static final RoutingSettings DEFAULT =
      new RoutingSettings(List.of(), ModelMap.NONE, TenantLimits.NONE);

  public RoutingSettings {
    engines = List.copyOf(engines);
  }
}
