package antiphon.tools.websearch;

import antiphon.core.net.AddressGuard;
import antiphon.tools.websearch.PageFetcher.Fetched;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the pages of a site, one after the other: those that a sitemap names, or those that pages
 * link to, from the first one on and not above its folder. What {@code robots.txt} or a page itself
 * forbids is left out.
 */
public final class SiteReader implements AutoCloseable {

  private static final long MOST_PAGE = 20L << 20;

  /** Addresses that wait are so many times more than pages that are read. */
  private static final int WAITING = 20;

  private final PageFetcher fetcher;
  private final Bounds bounds;

  /**
   * How much is read.
   *
   * @param pages how many addresses are asked at most
   * @param depth how many links away from the first page; 0 for that page alone
   * @param time how long at most
   */
  public record Bounds(int pages, int depth, Duration time) {}

  /** Takes pages. */
  public interface Sink {

    /**
     * A page.
     *
     * @param name of its file, whose ending says what it is
     * @param body text and HTML in UTF-8, with a mark of the byte order if the site has named its
     *     encoding
     */
    void page(String url, String name, byte[] body) throws IOException, InterruptedException;

    /** A page that is left out. */
    void leftOut(String url, String why);
  }

  private record Waiting(String url, int depth) {}

  /** The work of one reading. */
  private static final class Reading {
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Set<String> known = new HashSet<>();
    private final long until;
    private int asked;
    private boolean all = true;

    Reading(long until) {
      this.until = until;
    }
  }

  /**
   * @param limit of one request
   */
  public SiteReader(AddressGuard guard, Duration limit, Bounds bounds) {
    fetcher = new PageFetcher(guard, limit);
    this.bounds = bounds;
  }

  /**
   * Reads a site. Blocking; an interrupt stops it.
   *
   * @param url its first page, or its sitemap
   * @return whether these were all pages: false if there are more than the bounds allow, or one did
   *     not come that may come another time
   * @throws IOException if pages cannot be taken
   */
  public boolean read(String url, Sink sink) throws IOException, InterruptedException {
    Reading reading = new Reading(System.nanoTime() + bounds.time().toNanos());
    Optional<Fetched> first = fetch(reading, url, sink);
    if (first.isEmpty()) {
      return false;
    }
    Optional<Sitemap> sitemap = Sitemap.read(first.get().body());
    if (sitemap.isPresent()) {
      sitemap(reading, sitemap.get(), first.get().url(), sink);
    } else {
      URI from = URI.create(first.get().url());
      reading.known.add(url);
      reading.known.add(from.toString());
      take(reading, first.get(), from, 0, sink);
      follow(reading, from, sink);
    }
    return reading.all;
  }

  private void sitemap(Reading reading, Sitemap sitemap, String at, Sink sink)
      throws IOException, InterruptedException {
    URI site = URI.create(at);
    // A site's pages are not below its map: only the host has to be the same.
    URI root = site.resolve("/");
    for (String page : sitemap.pages()) {
      offer(reading, root, page, bounds.depth());
    }
    for (String more : sitemap.maps()) {
      if (Links.within(root, more)) {
        Optional<Fetched> fetched = fetch(reading, more, sink);
        Optional<Sitemap> read = fetched.flatMap(one -> Sitemap.read(one.body()));
        for (String page : read.map(Sitemap::pages).orElse(List.of())) {
          offer(reading, root, page, bounds.depth());
        }
      }
    }
    follow(reading, root, sink);
  }

  private void follow(Reading reading, URI from, Sink sink)
      throws IOException, InterruptedException {
    Waiting next;
    while ((next = reading.waiting.poll()) != null) {
      Optional<Fetched> fetched = fetch(reading, next.url, sink);
      if (fetched.isPresent()) {
        take(reading, fetched.get(), from, next.depth, sink);
      }
    }
  }

  private void offer(Reading reading, URI root, String url, int depth) {
    if (depth <= bounds.depth() && Links.within(root, url) && !reading.known.contains(url)) {
      if (reading.known.size() >= WAITING * bounds.pages()) {
        reading.all = false;
        return;
      }
      reading.known.add(url);
      reading.waiting.add(new Waiting(url, depth));
    }
  }

  /** Empty for a page that did not come, which the sink is told. */
  private Optional<Fetched> fetch(Reading reading, String url, Sink sink)
      throws InterruptedException {
    if (reading.asked >= bounds.pages() || System.nanoTime() - reading.until > 0) {
      reading.all = false;
      return Optional.empty();
    }
    reading.asked++;
    try {
      return Optional.of(fetcher.fetch(url, List.of(), MOST_PAGE));
    } catch (WebException e) {
      reading.all &= !e.passing();
      sink.leftOut(url, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void take(Reading reading, Fetched page, URI root, int depth, Sink sink)
      throws IOException, InterruptedException {
    String url = page.url();
    // It may have been redirected to a page that was there, or that is none of the site's.
    if (!Links.within(root, url)) {
      sink.leftOut(url, "It is not below the first page.");
      return;
    }
    if (!page.isHtml()) {
      String name = Documents.name(URI.create(url), page.type());
      if (page.type().startsWith("text/")) {
        sink.page(url, name, utf8(page));
      } else if (Documents.are(page.type())) {
        sink.page(url, name, page.body());
      } else {
        sink.leftOut(url, "It is no text (" + page.type() + ").");
      }
      return;
    }
    Links links = Links.of(page);
    if (links.kept()) {
      sink.page(url, Documents.name(URI.create(url), page.type()), utf8(page));
    } else {
      sink.leftOut(url, "The page asks not to be indexed.");
    }
    for (String link : links.urls()) {
      offer(reading, root, link, depth + 1);
    }
  }

  /** In UTF-8, where the site has said what it is in. */
  private static byte[] utf8(Fetched page) {
    Charset charset = page.charset();
    return charset == null
        ? page.body()
        : ("\ufeff" + new String(page.body(), charset)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
