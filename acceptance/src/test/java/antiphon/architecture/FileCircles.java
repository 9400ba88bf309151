package antiphon.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files of one package that lead back to themselves, by Tarjan's strongly connected components. */
final class FileCircles {

  private final Map<String, Set<String>> uses = new TreeMap<>();
  private final Map<String, Integer> index = new HashMap<>();
  private final Map<String, Integer> low = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final Set<String> found = new TreeSet<>();

  private FileCircles(JavaClasses classes) {
    for (JavaClass one : classes) {
      Set<String> others = uses.computeIfAbsent(file(one), _ -> new TreeSet<>());
      for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
        JavaClass other = dependency.getTargetClass().getBaseComponentType();
        if (other.getPackageName().equals(one.getPackageName())) {
          others.add(file(other));
        }
      }
      others.remove(file(one));
    }
  }

  /** Each as its package and the names of its files, in order. */
  static Set<String> of(JavaClasses classes) {
    FileCircles circles = new FileCircles(classes);
    circles.uses.keySet().stream()
        .filter(file -> !circles.index.containsKey(file))
        .forEach(circles::visit);
    return circles.found;
  }

  /** The class at the top of a file; what is inside it belongs to it. */
  private static String file(JavaClass one) {
    String name = one.getName();
    int inside = name.indexOf('$');
    return inside < 0 ? name : name.substring(0, inside);
  }

  private void visit(String file) {
    int number = index.size();
    index.put(file, number);
    low.put(file, number);
    open.push(file);
    for (String other : uses.getOrDefault(file, Set.of())) {
      if (!index.containsKey(other)) {
        visit(other);
        low.merge(file, low.getOrDefault(other, number), Math::min);
      } else if (open.contains(other)) {
        low.merge(file, index.getOrDefault(other, number), Math::min);
      }
    }
    if (low.getOrDefault(file, -1) == number) {
      close(file);
    }
  }

  private void close(String first) {
    Set<String> circle = new TreeSet<>();
    String last;
    do {
      last = open.pop();
      circle.add(last.substring(last.lastIndexOf('.') + 1));
    } while (!last.equals(first));
    if (circle.size() > 1) {
      found.add(first.substring(0, first.lastIndexOf('.')) + ": " + String.join(" ", circle));
    }
  }
}
