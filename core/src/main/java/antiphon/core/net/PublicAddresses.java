package antiphon.core.net;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses belong to the public Internet: those that the registries of special addresses
 * (RFC 6890 and its successors) do not keep for something else.
 */
final class PublicAddresses {

  private static final List<Network> SPECIAL_V4 =
      networks(
          "0.0.0.0/8", // this host
          "10.0.0.0/8",
          "100.64.0.0/10", // shared by a provider's customers
          "127.0.0.0/8",
          "169.254.0.0/16", // link-local; metadata of clouds
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // relays to IPv6
          "192.168.0.0/16",
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  /** What is not in here is not routed: loopback, link-local, unique local, multicast and so on. */
  private static final Network GLOBAL_V6 = Network.of("2000::/3");

  private static final List<Network> SPECIAL_V6 =
      networks(
          "2001::/23", // Teredo and other protocols
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4: an IPv4 address inside, on relays of anybody's
          "3fff::/20");

  /** Translated to the IPv4 address in its last four bytes. */
  private static final Network NAT64 = Network.of("64:ff9b::/96");

  private PublicAddresses() {}

  /** Whether this is a public address, or is translated to one. */
  static boolean contain(InetAddress address) {
    return contain(address.getAddress());
  }

  static boolean contain(byte[] address) {
    if (address.length == 4) {
      return SPECIAL_V4.stream().noneMatch(special -> special.contains(address));
    }
    if (NAT64.contains(address)) {
      return contain(Arrays.copyOfRange(address, 12, 16));
    }
    return GLOBAL_V6.contains(address)
        && SPECIAL_V6.stream().noneMatch(special -> special.contains(address));
  }

  private static List<Network> networks(String... texts) {
    return Arrays.stream(texts).map(Network::of).toList();
  }
}
