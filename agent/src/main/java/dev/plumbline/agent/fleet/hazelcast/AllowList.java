package dev.plumbline.agent.fleet.hazelcast;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.Set;

/**
 * The class loader that Hazelcast is given: it finds Hazelcast's own classes, {@link Entry} and
 * what exceptions are made of, and no others. What arrives names the class to be made of it (a
 * compact type without a serializer is made by reflection); through this it can name nothing else
 * of the agent's, of its libraries or of the JDK.
 */
final class AllowList extends ClassLoader {
  static final String HAZELCAST = "com.hazelcast.";

  /** What Hazelcast's own exceptions are made of, which members send each other in Java's form. */
  static final Set<String> EXCEPTIONS =
      Set.of(
          "java.lang.Throwable",
          "java.lang.Exception",
          "java.lang.Error",
          "java.lang.RuntimeException",
          "java.lang.IllegalArgumentException",
          "java.lang.IllegalStateException",
          "java.lang.NullPointerException",
          "java.lang.ClassCastException",
          "java.lang.UnsupportedOperationException",
          "java.lang.InterruptedException",
          "java.lang.StackTraceElement",
          "java.io.IOException",
          "java.util.ArrayList",
          "java.util.Collections$EmptyList",
          "java.util.concurrent.CancellationException",
          "java.util.concurrent.CompletionException",
          "java.util.concurrent.ExecutionException",
          "java.util.concurrent.TimeoutException");

  private final ClassLoader all;

  AllowList(ClassLoader all) {
    super("plumbline-fleet", null);
    this.all = all;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(HAZELCAST)
        || name.equals(Entry.class.getName())
        || EXCEPTIONS.contains(name)) {
      return all.loadClass(name);
    }
    throw new ClassNotFoundException(name + " is not on the allow-list of the fleet");
  }

  @Override
  public URL getResource(String name) {
    return all.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return all.getResources(name);
  }
}
