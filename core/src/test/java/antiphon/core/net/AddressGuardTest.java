package antiphon.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

  private static final AddressGuard STRICT = AddressGuard.strict();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/mcp",
        "http://127.1.2.3/",
        "http://127.1/",
        "http://127.0.1/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.01/",
        "http://127.0.0.0x1/",
        "http://00000177.1/",
        "http://1/",
        "http://0/",
        "http://0.0.0.0/",
        "http://0.1.2.3/",
        "http://10.0.0.1/",
        "http://10.255.255.255/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.170.2/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://172.16.0.1/",
        "http://172.31.255.254/",
        "http://192.168.1.1/",
        "http://192.0.0.1/",
        "http://192.0.2.5/",
        "http://192.88.99.1/",
        "http://198.18.0.1/",
        "http://203.0.113.9/",
        "http://224.0.0.1/",
        "http://239.255.255.250/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2002:a00:1::1]/",
        "http://[2001:0:53aa:64c::]/",
        "http://[2001:db8::1]/",
        "http://[3fff::1]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fec0::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
        "http://[100::1]/",
        "http://[5f00::1]/",
        "http://localhost/",
        "http://LOCALHOST:3000/",
        "http://localhost./",
        "http://mcp.localhost/",
        "http://127.0.0.1./",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127.0.0.1%2e/",
        "http://127%2e0%2e0%2e1/",
        "http://user@example.com/",
        "http://user:pass@127.0.0.1/",
        "http://example.com@127.0.0.1/",
        "http:///mcp",
        "http:127.0.0.1",
        "http://[::1",
        "http://exa mple.com/",
        "http://example.com:0/",
        "http://example.com:70000/",
        "http://-example.com/",
        "http://example..com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "ftp://example.com/",
        "//example.com/",
        "example.com",
        "",
      })
  void refusesTheForm(String url) {
    assertThat(STRICT.refuses(url)).as(url).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/mcp",
        "http://example.com:8080/",
        "https://MCP.Example.COM./sse?x=1",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://[64:ff9b::8.8.8.8]/",
        "https://bücher.example/",
        "https://xn--bcher-kva.example/",
        "https://my_host.example.com/",
        "https://4chan.org/",
        "https://1.example/",
      })
  void letsPublicPlacesThrough(String url) {
    assertThat(STRICT.refuses(url)).as(url).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "fe80::1",
        "64:ff9b::7f00:1",
        "::ffff:10.0.0.1",
        "0.0.0.0",
        "2002:7f00:1::"
      })
  void refusesANameOfSuchAnAddress(String address) {
    AddressGuard guard = STRICT.resolving(_ -> addresses("8.8.8.8", address));
    assertThatExceptionOfType(ForbiddenAddress.class)
        .isThrownBy(() -> guard.resolve("rebind.example"))
        .withMessageContaining("rebind.example");
  }

  @Test
  void knowsNoSuchHost() {
    AddressGuard guard = STRICT.resolving(_ -> new InetAddress[0]);
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> guard.resolve("nowhere.example"))
        .isNotInstanceOf(ForbiddenAddress.class);
  }

  /** Public when it is looked at, loopback when it is connected to. */
  @Test
  void checksTheAddressThatIsConnectedTo() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    AddressGuard guard =
        STRICT.resolving(_ -> addresses(asked.getAndIncrement() == 0 ? "8.8.8.8" : "127.0.0.1"));
    assertThat(guard.resolve("rebind.example")).hasSize(1);
    assertThatExceptionOfType(ForbiddenAddress.class)
        .isThrownBy(() -> guard.resolve("rebind.example"));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = guard.sockets().createSocket()) {
      InetAddress loopback = InetAddress.getByAddress("rebind.example", new byte[] {127, 0, 0, 1});
      assertThatExceptionOfType(ForbiddenAddress.class)
          .isThrownBy(
              () -> socket.connect(new InetSocketAddress(loopback, server.getLocalPort()), 1000));
      assertThat(socket.isConnected()).isFalse();
    }
  }

  @Test
  void connectsWhereTheOperatorAllows() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      int port = server.getLocalPort();
      for (AddressGuard guard :
          List.of(
              AddressGuard.of(List.of("127.0.0.1"), List.of()),
              AddressGuard.of(List.of("127.0.0.1:" + port), List.of()),
              AddressGuard.of(List.of(), List.of("127.0.0.0/8")),
              STRICT.trusting("http://127.0.0.1:" + port + "/mcp"))) {
        assertThat(guard.refuses("http://127.0.0.1:" + port + "/")).isEmpty();
        try (Socket socket = guard.sockets().createSocket()) {
          socket.connect(new InetSocketAddress(guard.resolve("127.0.0.1").getFirst(), port), 1000);
          assertThat(socket.isConnected()).isTrue();
        }
      }
      assertThatExceptionOfType(ForbiddenAddress.class)
          .isThrownBy(() -> STRICT.sockets().createSocket("127.0.0.1", port).close());
      AddressGuard other = AddressGuard.of(List.of("127.0.0.1:" + (port ^ 1)), List.of());
      assertThatExceptionOfType(ForbiddenAddress.class)
          .isThrownBy(() -> other.sockets().createSocket("127.0.0.1", port).close());
    }
  }

  @Test
  void allowsNamesWithPortsAndAllBelowOne() throws IOException {
    AddressGuard guard =
        AddressGuard.of(
                List.of("mcp.internal:3001", "*.svc.cluster.local", "[fd00::1]:80", "Localhost"),
                List.of("fd12::/16"))
            .resolving(_ -> addresses("10.0.0.7"));
    assertThat(guard.resolve("mcp.internal")).hasSize(1);
    assertThat(guard.resolve("a.b.svc.cluster.local")).hasSize(1);
    assertThat(guard.refuses("http://localhost:5000/")).isEmpty();
    assertThat(guard.refuses("http://[fd00::1]/")).isEmpty();
    assertThat(guard.refuses("http://[fd00::1]:81/")).isPresent();
    assertThat(guard.refuses("http://[fd12::9]:81/")).isEmpty();
    assertThatExceptionOfType(ForbiddenAddress.class)
        .isThrownBy(() -> guard.resolve("svc.cluster.local"));
    assertThatExceptionOfType(ForbiddenAddress.class)
        .isThrownBy(() -> guard.resolve("evilsvc.cluster.local"));
    // The name is allowed for its port alone, which the socket sees.
    InetAddress named = guard.resolve("mcp.internal").getFirst();
    assertThatExceptionOfType(ForbiddenAddress.class)
        .isThrownBy(() -> guard.check(new InetSocketAddress(named, 3002)));
    guard.check(new InetSocketAddress(named, 3001));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0/8", "10.0.0.0/x", "fd00::/129", "net", "", "/8"})
  void refusesNetworksThatAreNone(String network) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressGuard.of(List.of(), List.of(network)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a", "a/b", "a b", "", "u@host", "host:port"})
  void refusesHostsThatAreNone(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressGuard.of(List.of(host), List.of()));
  }

  private static InetAddress[] addresses(String... texts) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[texts.length];
    for (int i = 0; i < texts.length; i++) {
      addresses[i] = InetAddress.getByName(texts[i]);
    }
    return addresses;
  }
}
