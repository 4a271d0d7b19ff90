package dev.plumbline.agent.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP as a wish to reload. The JDK has no public way to hear a signal; its {@code
 * sun.misc.Signal} is exported for this and may be missing, hence by reflection. Where it cannot be
 * heard, that is said, and SIGHUP ends the process as it always did.
 */
final class Hangup {
  private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

  private Hangup() {}

  /** Runs this at each SIGHUP, on a thread of the signal's own. */
  static void whenHeard(Runnable reload) {
    InvocationHandler heard =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                reload.run();
                yield null;
              }
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "reload at SIGHUP";
            };
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, heard);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.info("no reload at SIGHUP in this JVM ({}); use plumbline reload", e.toString());
    }
  }
}
