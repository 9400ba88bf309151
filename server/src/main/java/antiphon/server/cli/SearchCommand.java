package antiphon.server.cli;

import antiphon.knowledge.pages.PageException;
import antiphon.knowledge.pages.PageLists;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.ServerSettings;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.PageKeeper;
import antiphon.tools.websearch.SiteReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Adds, lists and removes what web_search finds without a network; works while a server runs. */
@Command(
    name = "search",
    description = "Adds, lists and removes the pages that web_search finds without a network.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SearchCommand.Add.class,
      SearchCommand.ListAll.class,
      SearchCommand.Remove.class
    })
@SuppressWarnings("NullAway.Init")
final class SearchCommand implements Runnable {

  /** More of them would say no more. */
  private static final int MOST_TOLD = 50;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The data folder.")
  private @Nullable Path data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "As for 'antiphon serve'.")
  private @Nullable Path config;

  @Spec private CommandSpec spec;

  private int told;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Say what to do with pages: add, list or remove.");
  }

  private DataFolder folder() {
    DataFolder folder = DataFolder.of(data, System.getenv());
    folder.create();
    return folder;
  }

  private interface Work {
    int with(PageKeeper keeper) throws IOException, InterruptedException;
  }

  private int open(Work work) throws InterruptedException {
    try (PageKeeper keeper = new PageKeeper(settings(), folder(), this::leftOut)) {
      return work.with(keeper);
    } catch (PageException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UserError("The pages cannot be read or written: " + e.getMessage());
    }
  }

  private ServerSettings settings() {
    try {
      return SettingsFile.read(config, System.getenv());
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  private void leftOut(String what, String why) {
    told++;
    PrintWriter err = spec.commandLine().getErr();
    if (told <= MOST_TOLD) {
      err.println("left out: " + what + ": " + why);
    } else if (told == MOST_TOLD + 1) {
      err.println("left out: more, which are not told one by one");
    }
    err.flush();
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description =
          "Adds the documents of a folder, the pages of a site or those of a sitemap. Adding the"
              + " same again brings it up to date.")
  @SuppressWarnings("NullAway.Init")
  static final class Add implements Callable<Integer> {
    @ParentCommand private SearchCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "DIR|URL|SITEMAP",
        description = "A folder, a file, the first page of a site, or its sitemap.")
    private String what;

    @Option(
        names = "--as",
        paramLabel = "URL",
        description =
            "What the addresses of a folder's documents begin with, for citations. Default:"
                + " file:///NAME/ with the folder's name.")
    private @Nullable String as;

    @Option(
        names = "--pages",
        paramLabel = "N",
        defaultValue = "1000",
        description = "How many pages or files at most. Default: ${DEFAULT-VALUE}")
    private int pages;

    @Option(
        names = "--depth",
        paramLabel = "N",
        defaultValue = "5",
        description =
            "How many links away from the first page; 0 for that page alone. Default:"
                + " ${DEFAULT-VALUE}")
    private int depth;

    @Option(
        names = "--minutes",
        paramLabel = "N",
        defaultValue = "60",
        description = "How long a site is read at most. Default: ${DEFAULT-VALUE}")
    private int minutes;

    @Override
    public Integer call() throws InterruptedException {
      if (pages < 1 || pages > 1_000_000 || depth < 0 || minutes < 1 || minutes > 100_000) {
        throw new UserError("--pages is 1 to 1000000, --depth 0 or more, --minutes 1 or more.");
      }
      boolean site = what.toLowerCase(Locale.ROOT).matches("https?://.*");
      return parent.open(keeper -> told(site ? site(keeper) : files(keeper)));
    }

    private PageKeeper.Outcome site(PageKeeper keeper) throws IOException, InterruptedException {
      if (as != null) {
        throw new UserError("--as is for folders: pages of a site have addresses.");
      }
      try {
        return keeper.addSite(
            what, new SiteReader.Bounds(pages, depth, Duration.ofMinutes(minutes)));
      } catch (IllegalArgumentException _) {
        throw new UserError("This is no address of a page: " + what);
      }
    }

    private PageKeeper.Outcome files(PageKeeper keeper) throws IOException, InterruptedException {
      Path path = Path.of(what);
      if (!Files.isReadable(path)) {
        throw new UserError("There is no folder, and no file, that can be read: " + what);
      }
      return keeper.addFolder(path, base(path.toRealPath()), pages);
    }

    private String base(Path path) {
      Path folder = Files.isDirectory(path) ? path : path.getParent();
      Path name = folder == null ? null : folder.getFileName();
      String base = as == null ? "file:///" + encoded(name == null ? "" : name.toString()) : as;
      try {
        if (URI.create(base).getScheme() == null) {
          throw new UserError("--as must be an address, such as https://docs.example.com/: " + as);
        }
      } catch (IllegalArgumentException _) {
        throw new UserError("--as must be an address, such as https://docs.example.com/: " + as);
      }
      return base.endsWith("/") ? base : base + "/";
    }

    private static String encoded(String name) {
      return Path.of("/" + name).toUri().getRawPath().substring(1);
    }

    private int told(PageKeeper.Outcome outcome) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%d pages added, %d unchanged, %d gone, %d left out.%n",
          outcome.fresh(), outcome.unchanged(), outcome.gone(), outcome.leftOut());
      if (!outcome.all()) {
        spec.commandLine()
            .getErr()
            .println("There is more: not all pages came, or --pages, --minutes allow no more.");
      }
      return outcome.fresh() + outcome.unchanged() > 0 ? 0 : 1;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists what has been added.")
  @SuppressWarnings("NullAway.Init")
  static final class ListAll implements Callable<Integer> {
    @ParentCommand private SearchCommand parent;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      try {
        List<PageLists.Source> sources = PageLists.sources(parent.folder().pages());
        for (PageLists.Source source : sources) {
          spec.commandLine()
              .getOut()
              .printf(
                  "%,8d pages %,10d chunks  %s  %s%n",
                  source.pages(), source.chunks(), source.added(), source.name());
        }
        return 0;
      } catch (IOException e) {
        throw new UserError("The pages cannot be listed: " + e.getMessage());
      }
    }
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Removes what has been added; no word of it stays.")
  @SuppressWarnings("NullAway.Init")
  static final class Remove implements Callable<Integer> {
    @ParentCommand private SearchCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "SOURCE", description = "As 'antiphon search list' shows it.")
    private String source;

    @Override
    public Integer call() throws InterruptedException {
      return parent.open(keeper -> {
        int gone = keeper.remove(source);
        if (gone == 0) {
          throw new UserError("Nothing was added as " + source + ": see 'antiphon search list'.");
        }
        spec.commandLine().getOut().println(gone + " pages are removed.");
        return 0;
      });
    }
  }
}
