package dev.plumbline.agent.oip;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.shm.Region;
import java.util.List;

/** Metadata, configuration, statistics and regions in their REST form. */
final class FactsJson {
  private FactsJson() {}

  static ObjectNode server(boolean sharedMemory) {
    ObjectNode node = object();
    node.put("name", ModelFacts.SERVER);
    node.put("version", ModelFacts.serverVersion());
    ModelFacts.extensions(sharedMemory).forEach(node.putArray("extensions")::add);
    return node;
  }

  static ObjectNode model(ModelFacts facts) {
    ObjectNode node = object();
    node.put("name", OipModel.NAME);
    node.putArray("versions").add(OipModel.VERSION);
    node.put("platform", ModelFacts.PLATFORM);
    facts.inputs().forEach(tensor -> node.withArray("inputs").add(tensor(tensor)));
    facts.outputs().forEach(tensor -> node.withArray("outputs").add(tensor(tensor)));
    return node;
  }

  private static ObjectNode tensor(ModelFacts.TensorFacts tensor) {
    ObjectNode node = object();
    node.put("name", tensor.name());
    node.put("datatype", tensor.datatype().name());
    sizes(node.putArray("shape"), tensor);
    return node;
  }

  static ObjectNode config(ModelFacts facts) {
    ObjectNode node = object();
    node.put("name", OipModel.NAME);
    node.put("platform", ModelFacts.PLATFORM);
    node.put("backend", ModelFacts.SERVER);
    node.put("max_batch_size", 0);
    facts.inputs().forEach(tensor -> node.withArray("input").add(configured(tensor)));
    facts.outputs().forEach(tensor -> node.withArray("output").add(configured(tensor)));
    return node;
  }

  private static ObjectNode configured(ModelFacts.TensorFacts tensor) {
    ObjectNode node = object();
    node.put("name", tensor.name());
    node.put("data_type", ModelFacts.configName(tensor.datatype()));
    sizes(node.putArray("dims"), tensor);
    return node;
  }

  private static void sizes(ArrayNode into, ModelFacts.TensorFacts tensor) {
    tensor.shape().forEach(size -> into.add(size.longValue()));
  }

  static ObjectNode statistics(Statistics.Snapshot now) {
    ObjectNode root = object();
    ObjectNode node = root.putArray("model_stats").addObject();
    node.put("name", OipModel.NAME);
    node.put("version", OipModel.VERSION);
    node.put("last_inference", now.lastMillis());
    node.put("inference_count", now.success().count());
    node.put("execution_count", now.success().count());
    ObjectNode stats = node.putObject("inference_stats");
    total(stats, "success", now.success());
    total(stats, "fail", now.fail());
    total(stats, "queue", now.queue());
    total(stats, "compute_input", now.input());
    total(stats, "compute_infer", now.infer());
    total(stats, "compute_output", now.output());
    node.putArray("batch_stats");
    return root;
  }

  private static void total(ObjectNode into, String name, Statistics.Total total) {
    into.putObject(name).put("count", total.count()).put("ns", total.ns());
  }

  static ArrayNode regions(List<Region> regions) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Region region : regions) {
      all.addObject()
          .put("name", region.name())
          .put("key", region.key())
          .put("offset", region.offset())
          .put("byte_size", region.byteSize());
    }
    return all;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
