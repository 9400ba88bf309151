package antiphon.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The clients under test, installed once below {@code target}. */
final class Clients {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final List<String> PYTHON_PACKAGES =
      List.of(
          "meetkai-mka1==0.12.128",
          "openai==3.57.0",
          "websockets==16.0",
          "openai-agents==0.24.0",
          "langchain-openai==1.7.4",
          "pydantic-ai-slim[openai]==2.68.0",
          "haystack-ai==3.4.1",
          "xllamacpp==2026.10.11549",
          "jsonschema==4.26.0",
          "pytest==8.4.2");

  private static final List<String> NODE_PACKAGES =
      List.of(
          "openai@7.57.0",
          "@openai/agents@0.20.0",
          "@ai-sdk/openai@3.0.141",
          "@ai-sdk/open-responses@1.0.39",
          "ai@6.0.326",
          "zod@4.6.7");

  /** On its own: it is large, and hardly ever another version. */
  private static final List<String> CODEX = List.of("@openai/codex@0.171.0");

  /** Those that take minutes to install or to compile. */
  private static final List<String> MORE_PYTHON_PACKAGES = List.of("semantic-kernel==1.45.0");

  /** In a folder of their own: it wants an older version of a package above. */
  private static final List<String> MASTRA_PACKAGES =
      List.of("@mastra/core@0.24.9", "@ai-sdk/openai@2.0.131", "zod@4.6.7");

  /** MCP servers that others have published. */
  private static final List<String> MCP_PYTHON_PACKAGES = List.of("fastmcp==4.2.3");

  private static final List<String> MCP_NODE_PACKAGES =
      List.of("@modelcontextprotocol/server-everything@2026.8.31");

  private final Path folder;

  private Clients(Path folder) {
    this.folder = folder;
  }

  /** Installs what is not there yet. */
  static Clients install(Path target) {
    Clients clients = new Clients(target.resolve("clients"));
    try {
      Files.createDirectories(clients.folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    clients.once("python", PYTHON_PACKAGES, clients::python);
    clients.once("node", NODE_PACKAGES, () -> npm(clients.nodeFolder(), NODE_PACKAGES));
    clients.once("codex", CODEX, () -> npm(clients.codexFolder(), CODEX));
    return clients;
  }

  /** Installs the heavy ones too. */
  static Clients installAll(Path target) {
    Clients clients = install(target);
    clients.once("python-more", MORE_PYTHON_PACKAGES, () -> clients.pip(MORE_PYTHON_PACKAGES));
    clients.once("mastra", MASTRA_PACKAGES, () -> npm(clients.mastraFolder(), MASTRA_PACKAGES));
    return clients;
  }

  /** Installs published MCP servers too. */
  Clients withMcpServers() {
    once("python-mcp", MCP_PYTHON_PACKAGES, () -> pip(MCP_PYTHON_PACKAGES));
    once("node-mcp", MCP_NODE_PACKAGES, () -> npm(folder.resolve("mcp"), MCP_NODE_PACKAGES));
    return this;
  }

  /** The MCP project's own server. */
  Path everythingScript() {
    return folder
        .resolve("mcp")
        .resolve("node_modules/@modelcontextprotocol/server-everything/dist/index.js");
  }

  /** A Python that has the packages. */
  Path pythonCommand() {
    return folder.resolve("venv").resolve("bin").resolve("python");
  }

  /** The folder whose node_modules has the packages. */
  Path nodeFolder() {
    return folder.resolve("node");
  }

  /** The folder whose node_modules has Mastra. */
  Path mastraFolder() {
    return folder.resolve("mastra");
  }

  private void python() {
    Programs.must(folder, LIMIT, List.of("python3", "-m", "venv", "venv"));
    pip(PYTHON_PACKAGES);
  }

  private void pip(List<String> packages) {
    List<String> install =
        new ArrayList<>(
            List.of(
                pythonCommand().toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check"));
    install.addAll(packages);
    Programs.must(folder, LIMIT, install);
  }

  /** The codex program. */
  Path codexCommand() {
    return codexFolder().resolve("node_modules").resolve(".bin").resolve("codex");
  }

  private Path codexFolder() {
    return folder.resolve("codex");
  }

  private static void npm(Path into, List<String> packages) {
    try {
      Files.createDirectories(into);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> install =
        new ArrayList<>(
            List.of("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"));
    install.addAll(packages);
    Programs.must(into, LIMIT, install);
  }

  /** A marker tells which versions have been installed, so that a second run need not. */
  private void once(String name, List<String> packages, Runnable install) {
    Path marker = folder.resolve(name + ".installed");
    String wanted = String.join("\n", packages);
    try {
      if (Files.exists(marker) && Files.readString(marker).equals(wanted)) {
        return;
      }
      System.out.println("Installing clients: " + String.join(", ", packages));
      install.run();
      Files.writeString(marker, wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
