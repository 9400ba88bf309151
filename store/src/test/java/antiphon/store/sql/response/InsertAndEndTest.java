package antiphon.store.sql.response;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Usage;
import antiphon.store.sql.commit.PendingWrite;
import antiphon.store.sql.commit.Urgency;
import antiphon.store.sql.commit.Write;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which inserts and ends of a group become one write. */
final class InsertAndEndTest {

  private static final byte[] JSON = {'{', '}'};

  private static final HotPath PATH =
      (HotPath)
          Proxy.newProxyInstance(
              HotPath.class.getClassLoader(),
              new Class<?>[] {HotPath.class},
              (_, _, _) -> {
                throw new AssertionError("nothing is to be written");
              });

  private final ResponseId id = new ResponseId(Owner.account("acme"), "resp_1");
  private final ResponseId other = new ResponseId(Owner.account("acme"), "resp_2");

  private static PendingWrite<?> insert(ResponseId id, Delivery delivery) {
    return waiting(
        id.value(),
        new InsertWrite(
            PATH,
            new NewResponse(
                id,
                delivery,
                1,
                ServiceTier.AUTO,
                "e",
                "m",
                null,
                JSON,
                JSON,
                JSON,
                "n1",
                Duration.ofMinutes(1),
                null,
                List.of())));
  }

  private static PendingWrite<?> end(ResponseId id, long epoch, long first, long metadataVersion) {
    return waiting(
        id.value(),
        new EndWrite(
            PATH,
            id,
            new Ending(
                epoch,
                first,
                List.of(JSON),
                ResponseStatus.COMPLETED,
                2,
                Usage.ZERO,
                JSON,
                metadataVersion)));
  }

  private static <T> PendingWrite<T> waiting(String key, Write<T> write) {
    return new PendingWrite<>("a write", key, 1, Urgency.NOW, write);
  }

  @Test
  void anInsertAndTheEndThatFollowsIt() {
    PendingWrite<?> insert = insert(id, Delivery.AT_ITS_END);
    PendingWrite<?> end = end(id, 1, 0, 0);
    List<PendingWrite<?>> group =
        List.of(insert, insert(other, Delivery.STREAMED), waiting("resp_3", _ -> true), end);

    assertThat(InsertAndEnd.in(group)).containsOnlyKeys(insert, end);
  }

  @Test
  void notWhatManyRowsStandBetween() {
    assertThat(
            InsertAndEnd.in(
                List.of(insert(id, Delivery.STREAMED), waiting("", _ -> true), end(id, 1, 0, 0))))
        .isEmpty();
  }

  @Test
  void notWhatAnAppendStandsBetween() {
    assertThat(
            InsertAndEnd.in(
                List.of(
                    insert(id, Delivery.STREAMED),
                    waiting(id.value(), _ -> true),
                    end(id, 1, 0, 0))))
        .isEmpty();
  }

  @Test
  void notWhatTheGuardWouldNotLetThrough() {
    ResponseId namesake = new ResponseId(new Owner("acme", "user"), id.value());
    for (PendingWrite<?> end :
        List.of(end(id, 2, 0, 0), end(id, 1, 1, 0), end(id, 1, 0, 1), end(namesake, 1, 0, 0))) {
      assertThat(InsertAndEnd.in(List.of(insert(id, Delivery.AT_ITS_END), end))).isEmpty();
    }
    assertThat(InsertAndEnd.in(List.of(insert(id, Delivery.BACKGROUND), end(id, 1, 0, 0))))
        .isEmpty();
  }
}
