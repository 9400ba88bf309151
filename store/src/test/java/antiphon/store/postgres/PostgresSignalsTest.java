package antiphon.store.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.store.Signals;
import antiphon.store.signals.SignalsContract;
import antiphon.testkit.store.PostgresServer;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class PostgresSignalsTest extends SignalsContract {

  @Override
  protected int port() {
    return URI.create(Server.url()).getPort();
  }

  @Override
  protected Signals open(int port) {
    return PostgresSignals.open(PostgresServer.url(port, "postgres"));
  }

  @Test
  void aBadAddressIsRefusedWithoutItsPassword() {
    assertThatThrownBy(() -> PostgresSignals.open("mysql://me:secret@host/db"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
