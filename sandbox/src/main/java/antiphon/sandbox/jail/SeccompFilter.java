package antiphon.sandbox.jail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The filter that each system call of a sandbox goes through, as the kernel wants it: classic BPF
 * over {@code struct seccomp_data}. Calls are allowed by name; whatever is not, fails with an error
 * that programs know how to take. A call by another machine's convention ends the process.
 */
final class SeccompFilter {

  static final int ALLOW = 0x7fff0000;
  static final int KILL = 0x80000000;
  static final int ERROR = 0x00050000;
  static final int EPERM = 1;
  static final int ENOSYS = 38;
  static final int EAFNOSUPPORT = 97;

  private static final int LOAD = 0x20;
  private static final int RETURN = 0x06;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_GREATER = 0x25;
  private static final int IF_AT_LEAST = 0x35;
  private static final int IF_BITS = 0x45;

  private static final int NUMBER = 0;
  private static final int ARCH = 4;
  private static final int FIRST_ARGUMENT = 16;
  private static final int SECOND_ARGUMENT = 24;

  /** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  private static final int NAMESPACES = 0x7E020000;

  /** TIOCSTI, TIOCLINUX, TIOCCONS, TIOCSETD: they put words into a terminal's mouth. */
  private static final List<Integer> TERMINAL_TRICKS = List.of(0x5412, 0x541C, 0x541D, 0x5423);

  /** AF_UNIX, AF_INET, AF_INET6: within the sandbox's own empty network. */
  private static final List<Integer> FAMILIES = List.of(1, 2, 10);

  /** What {@code personality} may be: the usual one, or the question which it is. */
  private static final List<Integer> PERSONALITIES = List.of(0, -1);

  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private final List<Instruction> program = new ArrayList<>();

  private SeccompFilter() {}

  /** The filter for a machine, in the byte order of both that there are: little-endian. */
  static byte[] of(Machine machine) {
    SystemCalls calls = SystemCalls.of(machine);
    SeccompFilter filter = new SeccompFilter();
    filter.add(LOAD, ARCH);
    filter.unless(IF_EQUAL, machine.audit(), KILL);
    filter.add(LOAD, NUMBER);
    // The x32 convention of x86-64 has numbers of its own up here; so has everything too new.
    filter.when(IF_GREATER, SystemCalls.NEWEST_KNOWN, ERROR | ENOSYS);
    filter.special(calls.number("clone"), filter::threads);
    filter.special(calls.number("ioctl"), filter::ioctl);
    filter.special(
        calls.number("socket"), () -> filter.only(FIRST_ARGUMENT, FAMILIES, EAFNOSUPPORT));
    filter.special(
        calls.number("socketpair"), () -> filter.only(FIRST_ARGUMENT, FAMILIES, EAFNOSUPPORT));
    filter.special(
        calls.number("personality"), () -> filter.only(FIRST_ARGUMENT, PERSONALITIES, EPERM));
    filter.ranges(calls.absent().keySet(), ERROR | ENOSYS);
    filter.ranges(calls.allowed().keySet(), ALLOW);
    filter.add(RETURN, ERROR | EPERM);
    return filter.bytes();
  }

  /** Threads and processes, but no namespaces: neither in the low nor, tried in vain, elsewhere. */
  private void threads() {
    add(LOAD, FIRST_ARGUMENT);
    when(IF_BITS, NAMESPACES, ERROR | EPERM);
    // CLONE_NEWTIME is the lowest byte's top bit, where clone has its signal: harmless there.
    add(RETURN, ALLOW);
  }

  private void ioctl() {
    add(LOAD, SECOND_ARGUMENT);
    for (int request : TERMINAL_TRICKS) {
      when(IF_EQUAL, request, ERROR | EPERM);
    }
    add(RETURN, ALLOW);
  }

  /** Allowed with some values of an argument alone; its upper half is nothing to the kernel. */
  private void only(int argument, List<Integer> values, int error) {
    add(LOAD, argument);
    for (int value : values) {
      when(IF_EQUAL, value, ALLOW);
    }
    add(RETURN, ERROR | error);
  }

  /** What is done for one number, ending in returns. */
  private void special(int number, Runnable body) {
    int jump = program.size();
    add(IF_EQUAL, number);
    body.run();
    int skipped = program.size() - jump - 1;
    program.set(jump, new Instruction(IF_EQUAL, 0, skipped, number));
  }

  /** The same answer for all these numbers. */
  private void ranges(Set<Integer> numbers, int answer) {
    int low = -2;
    int high = -2;
    for (int number : new TreeSet<>(numbers)) {
      if (number != high + 1) {
        range(low, high, answer);
        low = number;
      }
      high = number;
    }
    range(low, high, answer);
  }

  private void range(int low, int high, int answer) {
    if (low >= 0) {
      program.add(new Instruction(IF_AT_LEAST, 0, 2, low));
      program.add(new Instruction(IF_GREATER, 1, 0, high));
      add(RETURN, answer);
    }
  }

  private void when(int condition, int value, int answer) {
    program.add(new Instruction(condition, 0, 1, value));
    add(RETURN, answer);
  }

  private void unless(int condition, int value, int answer) {
    program.add(new Instruction(condition, 1, 0, value));
    add(RETURN, answer);
  }

  private void add(int code, int value) {
    program.add(new Instruction(code, 0, 0, value));
  }

  private byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction i : program) {
      out.putShort((short) i.code).put((byte) i.ifTrue).put((byte) i.ifFalse).putInt(i.value);
    }
    return out.array();
  }
}
