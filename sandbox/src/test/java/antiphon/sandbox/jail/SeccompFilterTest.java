package antiphon.sandbox.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The filter's program, run here as the kernel runs it: so for machines that this one is not. */
final class SeccompFilterTest {

  private static final int PERM = SeccompFilter.ERROR | SeccompFilter.EPERM;
  private static final int NOSYS = SeccompFilter.ERROR | SeccompFilter.ENOSYS;

  @ParameterizedTest
  @EnumSource
  void everyCallIsAnsweredByTheTable(Machine machine) {
    SystemCalls calls = SystemCalls.of(machine);
    byte[] program = SeccompFilter.of(machine);
    for (int number = 0; number <= 600; number++) {
      String name = calls.allowed().getOrDefault(number, "");
      int expected =
          number > SystemCalls.NEWEST_KNOWN || calls.absent().containsKey(number)
              ? NOSYS
              : name.isEmpty() ? PERM : SeccompFilter.ALLOW;
      // The arguments that calls which look at them take: an ordinary socket, thread, personality.
      long first = name.startsWith("socket") ? 1 : 0;
      assertThat(run(program, machine.audit(), number, first, 0))
          .as(number + name)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherMachinesConventionEndsTheProcess(Machine machine) {
    byte[] program = SeccompFilter.of(machine);
    for (int audit : new int[] {0x40000003, 0x40000028, 0, machine.audit() ^ 1}) {
      assertThat(run(program, audit, 1, 0, 0)).isEqualTo(SeccompFilter.KILL);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theX32ConventionIsAbsent(Machine machine) {
    byte[] program = SeccompFilter.of(machine);
    assertThat(run(program, machine.audit(), 0x40000000 | 1, 0, 0)).isEqualTo(NOSYS);
    assertThat(run(program, machine.audit(), -1, 0, 0)).isEqualTo(NOSYS);
  }

  @ParameterizedTest
  @EnumSource
  void argumentsAreLookedAt(Machine machine) {
    SystemCalls calls = SystemCalls.of(machine);
    byte[] program = SeccompFilter.of(machine);
    for (long flag :
        new long[] {
          0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
        }) {
      assertThat(run(program, machine.audit(), calls.number("clone"), flag | 17, 0))
          .isEqualTo(PERM);
    }
    // What glibc's threads ask for.
    assertThat(run(program, machine.audit(), calls.number("clone"), 0x3d0f00, 0))
        .isEqualTo(SeccompFilter.ALLOW);
    for (Map.Entry<Long, Integer> family :
        Map.of(1L, SeccompFilter.ALLOW, 2L, SeccompFilter.ALLOW, 10L, SeccompFilter.ALLOW)
            .entrySet()) {
      assertThat(run(program, machine.audit(), calls.number("socket"), family.getKey(), 0))
          .isEqualTo(family.getValue());
    }
    for (int family : new int[] {0, 3, 16, 17, 29, 31, 38, 40, 44}) {
      assertThat(run(program, machine.audit(), calls.number("socket"), family, 0))
          .isEqualTo(SeccompFilter.ERROR | SeccompFilter.EAFNOSUPPORT);
    }
    for (long request : new long[] {0x5412, 0x541C, 0x100005412L}) {
      assertThat(run(program, machine.audit(), calls.number("ioctl"), 0, request)).isEqualTo(PERM);
    }
    assertThat(run(program, machine.audit(), calls.number("ioctl"), 0, 0x5413))
        .isEqualTo(SeccompFilter.ALLOW);
    assertThat(run(program, machine.audit(), calls.number("personality"), 0x0040000, 0))
        .isEqualTo(PERM);
    assertThat(run(program, machine.audit(), calls.number("personality"), 0xffffffffL, 0))
        .isEqualTo(SeccompFilter.ALLOW);
  }

  /** Classic BPF, as far as the filter uses it. */
  private static int run(byte[] program, int audit, int number, long first, long second) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(audit).putLong(0).putLong(first).putLong(second);
    ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    int accumulator = 0;
    int at = 0;
    while (true) {
      code.position(at * 8);
      int operation = code.getShort();
      int ifTrue = code.get() & 0xff;
      int ifFalse = code.get() & 0xff;
      int value = code.getInt();
      int compared = Integer.compareUnsigned(accumulator, value);
      at++;
      switch (operation) {
        case 0x20 -> accumulator = data.getInt(value);
        case 0x06 -> {
          return value;
        }
        case 0x15 -> at += compared == 0 ? ifTrue : ifFalse;
        case 0x25 -> at += compared > 0 ? ifTrue : ifFalse;
        case 0x35 -> at += compared >= 0 ? ifTrue : ifFalse;
        case 0x45 -> at += (accumulator & value) != 0 ? ifTrue : ifFalse;
        default -> throw new AssertionError("an instruction that the filter should not have");
      }
    }
  }
}
