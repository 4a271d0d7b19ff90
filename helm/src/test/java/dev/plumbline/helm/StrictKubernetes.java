package dev.plumbline.helm;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads an object into the Java class of its kind and tells every field the class does not know: a
 * field at the wrong place, or misspelt, which a server would drop in silence. Values of a wrong
 * type fail to be read.
 */
final class StrictKubernetes {
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

  private final List<String> unknown = new ArrayList<>();

  private StrictKubernetes() {}

  static List<String> unknownFields(JsonNode object) {
    StrictKubernetes walk = new StrictKubernetes();
    Object typed = KUBERNETES.unmarshal(object.toString());
    if (!(typed instanceof HasMetadata)
        || typed instanceof io.fabric8.kubernetes.api.model.GenericKubernetesResource) {
      return List.of("no class for " + object.path("apiVersion") + " " + object.path("kind"));
    }
    walk.look(object.path("kind").asText(), typed);
    return walk.unknown;
  }

  private void look(String path, Object value) {
    if (value instanceof Collection<?> many) {
      many.forEach(each -> look(path + "[]", each));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> look(path + "." + key, each));
    } else if (value instanceof KubernetesResource
        || (value != null && value.getClass().getName().startsWith("io.fabric8."))) {
      fields(path, value);
    }
  }

  private void fields(String path, Object value) {
    for (Method getter : value.getClass().getMethods()) {
      boolean plain = getter.getName().startsWith("get") && getter.getParameterCount() == 0;
      if (!plain || getter.getDeclaringClass() == Object.class || value instanceof Enum<?>) {
        continue;
      }
      Object field = call(getter, value);
      if (!getter.getName().equals("getAdditionalProperties")) {
        look(path + "." + getter.getName().substring(3), field);
      } else if (field instanceof Map<?, ?> more) {
        more.keySet().forEach(key -> unknown.add(path + "." + key));
      }
    }
  }

  private static Object call(Method getter, Object value) {
    try {
      return getter.invoke(value);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    } catch (InvocationTargetException e) {
      return null;
    }
  }
}
