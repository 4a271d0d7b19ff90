package dev.plumbline.agent.tap.cut;

import java.util.ArrayList;
import java.util.List;

/** Where in a JSON document one is: the open objects and arrays, outermost first. */
final class Containers {
  private static final int DEEPEST = 64;

  /** One open container; an object has a current key, an array a current index. */
  static final class Container {
    final boolean object;
    String key = "";
    int index;
    boolean emitted;

    Container(boolean object) {
      this.object = object;
    }
  }

  private final List<Container> open = new ArrayList<>();

  boolean isEmpty() {
    return open.isEmpty();
  }

  boolean full() {
    return open.size() == DEEPEST;
  }

  Container top() {
    return open.get(open.size() - 1);
  }

  void push(boolean object) {
    open.add(new Container(object));
  }

  void pop() {
    open.remove(open.size() - 1);
  }

  void clear() {
    open.clear();
  }

  boolean at(List<String> path) {
    if (path.size() != open.size()) {
      return false;
    }
    for (int i = path.size() - 1; i >= 0; i--) {
      Container container = open.get(i);
      String here = container.object ? container.key : Rule.ANY;
      if (!here.equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Index in the innermost array, −1 if there is none. */
  int position() {
    for (int i = open.size() - 1; i >= 0; i--) {
      if (!open.get(i).object) {
        return open.get(i).index;
      }
    }
    return -1;
  }
}
