package antiphon.core.net;

import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.SocketFactory;

/**
 * Keeps the server from being sent to places that only it can reach: its own machine, the network
 * around it, the metadata of a cloud. Public addresses are open to everybody; others only where the
 * operator has allowed them.
 *
 * <p>What counts is the address that is connected to, so a guarded client has both {@link #resolve}
 * and {@link #sockets}: a name may resolve to something else the second time, and a redirect may
 * name another.
 */
public final class AddressGuard {

  /** Longer addresses of anything are refused. */
  private static final int MAX_URL = 8192;

  private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9a-fA-F]*");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?");

  private final List<Place> places;
  private final List<Network> networks;
  private final Resolver resolver;

  private AddressGuard(List<Place> places, List<Network> networks, Resolver resolver) {
    this.places = List.copyOf(places);
    this.networks = List.copyOf(networks);
    this.resolver = resolver;
  }

  /** A guard that lets nothing through but public addresses. */
  public static AddressGuard strict() {
    return of(List.of(), List.of());
  }

  /**
   * A guard with exceptions.
   *
   * @param hosts names or addresses, each with a port or for all ports: {@code mcp.internal},
   *     {@code localhost:3001}, {@code *.svc.cluster.local}, {@code [fd00::1]:80}
   * @param networks such as {@code 10.0.0.0/8}
   * @throws IllegalArgumentException saying which of them is none
   */
  public static AddressGuard of(List<String> hosts, List<String> networks) {
    return new AddressGuard(
        hosts.stream().map(Place::of).toList(),
        networks.stream().map(Network::of).toList(),
        InetAddress::getAllByName);
  }

  /** The same with another way from names to addresses. */
  public AddressGuard resolving(Resolver other) {
    return new AddressGuard(places, networks, other);
  }

  /** The same, letting through to the host and port of this URL too, which the operator wrote. */
  public AddressGuard trusting(String url) {
    URI uri = URI.create(url);
    List<Place> more = new ArrayList<>(places);
    more.add(new Place(host(uri.getHost()), port(uri)));
    return new AddressGuard(more, networks, resolver);
  }

  /**
   * What is wrong with a URL, as far as it can be said without looking its host up.
   *
   * @return goes on "Invalid 'server_url': …"; empty if nothing is
   */
  public Optional<String> refuses(String url) {
    URI uri;
    try {
      uri = url.length() > MAX_URL ? null : new URI(url);
    } catch (URISyntaxException _) {
      uri = null;
    }
    if (uri == null || uri.getScheme() == null) {
      return Optional.of("must be an http or https URL.");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return Optional.of("must be an http or https URL.");
    }
    if (uri.getRawUserInfo() != null) {
      return Optional.of("must not carry a user or a password.");
    }
    String host = uri.getHost() == null ? unusual(uri) : host(uri.getHost());
    if (host.isEmpty() || uri.getPort() > 65_535 || uri.getPort() == 0) {
      return Optional.of("has no host that can be connected to.");
    }
    return allowedPlace(host, port(uri)) ? Optional.empty() : form(host);
  }

  private Optional<String> form(String host) {
    byte[] literal = Network.literal(host);
    if (literal.length > 0) {
      return open(literal) ? Optional.empty() : Optional.of(notPublic(host));
    }
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return Optional.of(notPublic(host));
    }
    String[] labels = host.split("\\.", -1);
    if (NUMBER.matcher(labels[labels.length - 1]).matches() || host.indexOf(':') >= 0) {
      return Optional.of("has an address in a form that is not accepted: " + host + ".");
    }
    for (String label : labels) {
      if (label.length() > 63 || !NAME.matcher(label).matches()) {
        return Optional.of("has no host that can be connected to.");
      }
    }
    return Optional.empty();
  }

  /** What Java finds no host in, such as a name of other letters than ASCII's. */
  private static String unusual(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority == null || authority.indexOf('[') >= 0) {
      return "";
    }
    int colon = authority.lastIndexOf(':');
    return host(colon < 0 ? authority : authority.substring(0, colon));
  }

  /** A host as it is compared: lower-case ASCII, without brackets and the dot at its end. */
  private static String host(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      String ascii = bare.indexOf(':') < 0 ? IDN.toASCII(bare, IDN.ALLOW_UNASSIGNED) : bare;
      String lower = ascii.toLowerCase(Locale.ROOT);
      return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /**
   * The addresses of a host.
   *
   * @param host as the URL has it
   * @return at least one; each of them may be connected to, on some port at least
   * @throws UnknownHostException if there is no such host
   * @throws ForbiddenAddress if one of them may not be connected to
   */
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    List<InetAddress> found = List.of(resolver.lookup(host));
    if (found.isEmpty()) {
      throw new UnknownHostException(host);
    }
    String name = host(host);
    boolean trusted = places.stream().anyMatch(place -> place.matches(name));
    for (InetAddress address : found) {
      if (!trusted && !open(address.getAddress())) {
        throw new ForbiddenAddress(notPublic(host));
      }
    }
    // With the name that was asked for: the socket is to know it, see GuardedSockets.
    List<InetAddress> named = new ArrayList<>();
    for (InetAddress address : found) {
      named.add(InetAddress.getByAddress(host, address.getAddress()));
    }
    return named;
  }

  /** Sockets that connect to nothing else. */
  public SocketFactory sockets() {
    return new GuardedSockets(this::check);
  }

  /**
   * Checks an address right before it is connected to.
   *
   * @throws ForbiddenAddress if it must not be
   */
  void check(InetSocketAddress target) throws ForbiddenAddress {
    InetAddress address = target.getAddress();
    // Not getHostName: that would ask for the name of an address.
    String host = host(target.getHostString());
    if (address == null || !(open(address.getAddress()) || allowedPlace(host, target.getPort()))) {
      throw new ForbiddenAddress(notPublic(target.getHostString()));
    }
  }

  private boolean allowedPlace(String host, int port) {
    return places.stream().anyMatch(place -> place.matches(host) && place.matches(port));
  }

  private boolean open(byte[] address) {
    return PublicAddresses.contain(address)
        || networks.stream().anyMatch(network -> network.contains(address));
  }

  private static String notPublic(String host) {
    return "names a place that is not on the public Internet and that this server's settings do"
        + " not allow: "
        + host
        + ".";
  }

  /** From a name to its addresses. */
  @FunctionalInterface
  public interface Resolver {

    /** All addresses, as {@link InetAddress#getAllByName} finds them. */
    InetAddress[] lookup(String host) throws UnknownHostException;
  }

  /**
   * A host that the operator allows.
   *
   * @param name in lower case; {@code *.} before it stands for all below it
   * @param port 0 for all
   */
  private record Place(String name, int port) {

    static Place of(String text) {
      try {
        URI uri = new URI("http://" + text);
        boolean wild = text.startsWith("*.");
        String host =
            wild ? "*." + host(text.substring(2).replaceFirst(":\\d+$", "")) : uri.getHost();
        String port = text.replaceFirst("^.*?(?::(\\d+))?$", "$1");
        boolean bare = uri.getRawPath().isEmpty() && uri.getRawUserInfo() == null;
        if (host == null || host.isEmpty() || !bare) {
          throw new IllegalArgumentException("'" + text + "' is no host");
        }
        boolean address = Network.literal(text).length == 16;
        return new Place(
            wild ? host : host(host), port.isEmpty() || address ? 0 : Integer.parseInt(port));
      } catch (URISyntaxException | NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' is no host", e);
      }
    }

    boolean matches(String host) {
      return name.startsWith("*.") ? host.endsWith(name.substring(1)) : name.equals(host);
    }

    boolean matches(int wanted) {
      return port == 0 || port == wanted;
    }
  }
}
