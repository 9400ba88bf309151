package antiphon.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HouseTest {

  @SuppressWarnings("NullAway.Init")
  private static JavaClasses all;

  @BeforeAll
  static void read() {
    all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/test/"))
            .withImportOption(location -> !location.contains("testkit"))
            .importPackages("antiphon");
    assertThat(all.size()).as("classes found").isGreaterThan(300);
  }

  @Test
  void arrowsGoDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("server")
        .definedBy("antiphon.server..")
        .layer("http")
        .definedBy("antiphon.http..")
        .layer("store")
        .definedBy("antiphon.store..")
        .layer("engines")
        .definedBy("antiphon.engines..")
        .layer("tools")
        .definedBy("antiphon.tools..")
        .layer("knowledge")
        .definedBy("antiphon.knowledge..")
        .layer("sandbox")
        .definedBy("antiphon.sandbox..")
        .layer("core")
        .definedBy("antiphon.core..")
        .layer("protocol")
        .definedBy("antiphon.protocol..")
        .whereLayer("server")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("engines")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("tools")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("knowledge")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("sandbox")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("core")
        .mayOnlyBeAccessedByLayers(
            "server", "http", "store", "engines", "tools", "knowledge", "sandbox")
        .check(all);
  }

  /** The slices of a module are its packages: a feature must not lead back to itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {"core", "http", "store", "engines", "tools", "knowledge", "sandbox", "server"})
  void packagesAreFreeOfCircles(String module) {
    slices()
        .matching("antiphon." + module + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(all);
  }

  /**
   * Files of a package that lead back to themselves, outside of core and store. Fewer is better.
   */
  private static final Set<String> KNOWN_CIRCLES =
      Set.of(
          "antiphon.engines.chat: AssistantMessage ChatMessages ChatParts ChatRequests"
              + " ChatTools ClientCalls OpaqueState PlainMessages ToolOutputs",
          "antiphon.engines.chat: ChatSettings Preset",
          "antiphon.engines.model: ModelFetcher Transfer UrlSource WheelSource",
          "antiphon.http.resource: FilesResource UploadForm",
          "antiphon.http.wire: Body Connection Exchange ExchangeHandler Heads Loop Socket"
              + " SocketIntake",
          "antiphon.knowledge.extract: BlockSink Extractor HtmlBlocks ParserChild"
              + " ParserMain TikaBlocks TikaReader",
          "antiphon.protocol.event: ErrorEvent ItemEvent ResponseEvent StreamEvent UnknownEvent",
          "antiphon.protocol.json: Counts Failures Json TextOrListReader WireModule",
          "antiphon.protocol.response: Response ResponseBuilder",
          "antiphon.sandbox.agent: Cage JailedSandboxes Trial",
          "antiphon.sandbox.container: ContainerService FileMover",
          "antiphon.server.settings: Section Source",
          "antiphon.tools.agent: AgentRunner AgentSession",
          "antiphon.tools.websearch: PageReader PageText");

  /** A file must not lead back to itself either, but for the circles that are known. */
  @Test
  void filesOfAPackageAreFreeOfCircles() {
    Set<String> found = FileCircles.of(all);
    assertThat(found)
        .as("a new circle is to be ended; one that is no more is to be struck off the list")
        .isEqualTo(new TreeSet<>(KNOWN_CIRCLES));
    assertThat(found).noneMatch(circle -> circle.matches("antiphon\\.(core|store)\\..*"));
  }

  /**
   * Engines and what stands in for one work from the moment they are made, the watch of a transfer
   * for as long as its block, and the agent is a process of its own.
   */
  private static final Set<String> STARTS_WHEN_MADE =
      Set.of(
          "antiphon.engines.llamacpp.Children",
          "antiphon.engines.model.Transfer$Stall",
          "antiphon.sandbox.agent.Agent",
          "antiphon.server.rehearsal.LoopbackEngine");

  /** What works by itself has a start; until then it can be put together with others. */
  @Test
  void noConstructorStartsAThread() {
    Set<String> found = new TreeSet<>();
    for (JavaClass one : all) {
      one.getConstructors().stream()
          .flatMap(constructor -> constructor.getMethodCallsFromSelf().stream())
          .filter(HouseTest::startsAThread)
          .forEach(_ -> found.add(one.getName()));
    }
    assertThat(found).isEqualTo(new TreeSet<>(STARTS_WHEN_MADE));
  }

  private static boolean startsAThread(JavaMethodCall call) {
    String owner = call.getTargetOwner().getName();
    String name = call.getName();
    return (owner.startsWith("java.lang.Thread") && name.matches("start|startVirtualThread"))
        || (owner.startsWith("java.util.concurrent") && name.matches("schedule.*|execute|submit"))
        || (owner.startsWith("antiphon.core.life") && name.equals("start"));
  }

  @Test
  void onlyTheStoreSpeaksSql() {
    only("antiphon.store..", "java.sql..", "javax.sql..");
  }

  @Test
  void onlyHttpKnowsVertx() {
    only("antiphon.http..", "io.vertx..", "io.netty..");
  }

  @Test
  void nobodyTouchesNativeMemory() {
    noClasses().should().dependOnClassesThat().resideInAnyPackage("java.lang.foreign..").check(all);
  }

  @Test
  void thereIsOneMapperOfTheWire() {
    noClasses()
        .that()
        .resideOutsideOfPackages("antiphon.protocol.json..", "antiphon.server.settings..")
        .should()
        .callMethod("tools.jackson.databind.json.JsonMapper", "builder")
        .check(all);
  }

  @Test
  void everyPackageSaysWhereNullMayBe() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass one : all) {
      boolean marked =
          all.stream()
              .anyMatch(info ->
                  info.getSimpleName().equals("package-info")
                      && info.getPackageName().equals(one.getPackageName())
                      && info.isAnnotatedWith(NullMarked.class));
      if (!marked) {
        unmarked.add(one.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  private static void only(String owner, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackage(owner)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(all);
  }
}
