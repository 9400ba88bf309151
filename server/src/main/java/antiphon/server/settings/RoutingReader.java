package antiphon.server.settings;

import antiphon.core.engine.Ability;
import antiphon.core.engine.Engines;
import antiphon.core.engine.ModelMap;
import antiphon.core.engine.ServedModel;
import antiphon.core.queue.TenantLimits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the sections {@code models} and {@code tenants}, and the key {@code auto}. */
final class RoutingReader {

  /** The keys of the file that are about routing. */
  static final Set<String> KEYS = Set.of("engines", "models", "auto", "tenants");

  private static final Map<String, Ability> ALL = new TreeMap<>();

  static {
    for (Ability ability : Ability.values()) {
      ALL.put(ability.name().toLowerCase(Locale.ROOT), ability);
    }
  }

  private final Source source;
  private final Section root;

  RoutingReader(Source source, Section root) {
    this.source = source;
    this.root = root;
  }

  /** Everything that can be read. */
  RoutingSettings read() {
    List<EngineSettings> engines = new EngineReader().read(root);
    Set<String> names = new HashSet<>();
    engines.forEach(engine -> names.add(engine.name()));
    if (engines.isEmpty()) {
      names.add(EngineReader.LLAMA_CPP);
    }
    List<ServedModel> models = models(names);
    String auto = auto(models);
    TenantLimits tenants = tenants();
    return source.clean()
        ? new RoutingSettings(engines, new ModelMap(models, auto), tenants)
        : RoutingSettings.DEFAULT;
  }

  private List<ServedModel> models(Set<String> engines) {
    Section section = root.section("models");
    Set<String> taken = new HashSet<>(Set.of(Engines.AUTO));
    List<ServedModel> models = new ArrayList<>();
    for (String name : section.names()) {
      if (!taken.add(name)) {
        section.mistake(name, "cannot be the name of a model: it is taken");
      }
      Section model = section.section(name);
      models.add(model(model, name, engines));
      model.done();
    }
    for (ServedModel model : models) {
      Section its = section.section(model.name());
      model.aliases().stream()
          .filter(alias -> !taken.add(alias))
          .forEach(alias -> its.mistake("aliases", "has a name that is taken: " + alias));
    }
    for (ServedModel model : models) {
      Section its = section.section(model.name());
      model.fallbacks().stream()
          .filter(name -> name.equals(Engines.AUTO) || !taken.contains(name))
          .forEach(name -> its.mistake("fallbacks", "has a name that is no model's: " + name));
    }
    return models;
  }

  private static ServedModel model(Section section, String name, Set<String> engines) {
    String engine = section.text("engine");
    if (engine == null && engines.size() == 1) {
      engine = engines.iterator().next();
    }
    if (engine == null || !engines.contains(engine)) {
      section.mistake(
          "engine",
          engine == null ? "must say which engine serves it" : "names no engine: " + engine);
      engine = "";
    }
    return new ServedModel(
        name,
        engine,
        section.text("model", name),
        section.integer("context_length", 1, 1_000_000_000),
        lacks(section),
        orEmpty(section.texts("aliases")),
        orEmpty(section.texts("fallbacks")));
  }

  private static Set<Ability> lacks(Section section) {
    List<String> can = section.texts("abilities");
    if (can == null) {
      return Set.of();
    }
    Set<Ability> lacks = EnumSet.allOf(Ability.class);
    for (String name : can) {
      if (!ALL.containsKey(name)) {
        section.mistake(
            "abilities",
            "has an unknown one: " + name + "; there are " + String.join(", ", ALL.keySet()));
      }
      lacks.remove(ALL.get(name));
    }
    return lacks;
  }

  private @Nullable String auto(List<ServedModel> models) {
    String auto = root.text("auto");
    boolean known =
        auto == null
            || models.isEmpty()
            || models.stream()
                .anyMatch(model -> model.name().equals(auto) || model.aliases().contains(auto));
    if (!known) {
      root.mistake("auto", "names no model: " + auto);
    }
    return auto;
  }

  private TenantLimits tenants() {
    Section section = root.section("tenants");
    Integer each = section.integer("max_concurrency", 1, 1_000_000);
    Section named = section.section("named");
    Map<String, Integer> limits = new HashMap<>();
    for (String name : named.names()) {
      Section tenant = named.section(name);
      Integer limit = tenant.integer("max_concurrency", 1, 1_000_000);
      if (limit != null) {
        limits.put(name, limit);
      }
      tenant.done();
    }
    section.done();
    return new TenantLimits(limits, each == null ? Integer.MAX_VALUE : each);
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }
}
