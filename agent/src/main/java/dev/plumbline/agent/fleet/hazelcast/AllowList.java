package dev.plumbline.agent.fleet.hazelcast;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;

/**
 * The class loader that Hazelcast is given: it finds Hazelcast's own classes and {@link Entry}, and
 * no others. What arrives names the class to be made of it (a compact type without a serializer is
 * made by reflection); through this it can name nothing of the agent's, of its libraries or of the
 * JDK.
 */
final class AllowList extends ClassLoader {
  private static final String HAZELCAST = "com.hazelcast.";

  private final ClassLoader all;

  AllowList(ClassLoader all) {
    super("plumbline-fleet", null);
    this.all = all;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(HAZELCAST) || name.equals(Entry.class.getName())) {
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
