package antiphon.sandbox.tool;

import antiphon.core.sandbox.SandboxOutput;
import antiphon.protocol.item.CodeInterpreterOutput;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What a cell says: its texts in their order, its pictures. */
final class Transcript implements SandboxOutput {

  private final StringBuilder logs = new StringBuilder();
  private final List<CodeInterpreterOutput> pictures = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  @Override
  public void text(Stream stream, String text) {
    logs.append(text);
  }

  @Override
  public void picture(String name, byte[] png) {
    names.add(name);
    String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    pictures.add(new CodeInterpreterOutput("image", null, url, Map.of()));
  }

  /** Adds words of ours. */
  void add(String line) {
    if (!logs.isEmpty() && logs.charAt(logs.length() - 1) != '\n') {
      logs.append('\n');
    }
    logs.append(line);
  }

  String logs() {
    return logs.toString();
  }

  /** The files of the pictures, in their order. */
  List<String> pictures() {
    return names;
  }

  /** As the API shows it. */
  List<CodeInterpreterOutput> outputs() {
    List<CodeInterpreterOutput> all = new ArrayList<>();
    if (!logs.isEmpty()) {
      all.add(new CodeInterpreterOutput("logs", logs.toString(), null, Map.of()));
    }
    all.addAll(pictures);
    return all;
  }
}
