package dev.plumbline.agent;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.origin.ServedModel;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.states.StatesScoring;
import java.util.List;

/** Whether what was loaded can do what the configuration says. */
final class Fitting {
  private Fitting() {}

  /** Refuses a configuration that promises more than was loaded. */
  static void require(AgentConfig config, Engines.Loaded opened) {
    boolean proxying = config.origin().isPresent();
    boolean searched = config.engine().states().filter(s -> s.searched()).isPresent();
    boolean taps = opened.tap().isPresent() || opened.states().isPresent() || searched;
    if (config.engine().wanted() && (proxying ? !taps : opened.models().isEmpty())) {
      throw misfit("wanted " + (proxying ? "a tap" : "models") + " from the engine, found none");
    }
    boolean ablates =
        opened.states().flatMap(StatesScoring::tensors).stream().anyMatch(OipScoring::ablates);
    boolean asks = config.ablated().rewrites();
    if (proxying && config.modes().strictest() == Mode.ABLATE && !ablates && !asks) {
      throw misfit("mode ablate: wanted a direction at the tap points of the origin, found none");
    }
    List<ServedModel> models = opened.models().map(TextModels::models).orElse(List.of());
    for (ServedModel model : models) {
      if (config.modes().of(model.name()) == Mode.ABLATE && !model.ablates()) {
        throw misfit(
            "mode ablate: wanted a direction that fits "
                + model.name()
                + ", found none; set direction");
      }
    }
    List<String> names = models.stream().map(ServedModel::name).toList();
    for (String name : config.modes().perModel().keySet()) {
      if (!proxying && config.engine().wanted() && !names.contains(name)) {
        throw misfit("models." + name + ".mode: wanted one of the models " + names);
      }
    }
  }

  static CommandFailure misfit(String message) {
    return new CommandFailure(ExitCode.NOT_FITTING, message, null);
  }
}
