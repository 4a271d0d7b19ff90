package dev.plumbline.dashboards;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.dashboards.Dashboard.Variable;

/** The choices dashboards share. */
final class Variables {
  static final Variable NAMESPACE = variable("namespace", "Namespace", Meter.READY);
  static final Variable INSTANCE = variable("instance", "Agent", Meter.READY);
  static final Variable MODEL =
      new Variable("model", "Model", values(Meter.EXCHANGES, "model_name"));
  static final Variable DIRECTION =
      new Variable("direction", "Direction", values(Meter.ARTEFACT_INFO, "direction"));

  private Variables() {}

  private static Variable variable(String label, String shown, Meter meter) {
    return new Variable(label, shown, values(meter, label));
  }

  private static String values(Meter meter, String label) {
    return "label_values(" + meter.prometheusName() + ", " + label + ")";
  }
}
