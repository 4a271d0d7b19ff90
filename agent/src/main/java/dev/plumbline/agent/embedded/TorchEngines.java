package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.oip.OipModel;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import dev.plumbline.torch.serve.Engine;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatTemplate;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a model, its adapters and its directions into the decoder runtime, and warms it up. */
public final class TorchEngines implements Engines {
  private static final Logger LOG = LoggerFactory.getLogger(TorchEngines.class);
  private static final int ROWS = 128;
  private static final int PASS_TOKENS = 8192;

  @Override
  public Loaded open(AgentConfig config) {
    Optional<StatesScoring> states = StatesTaps.open(config.engine());
    Optional<OipModel> oip = config.oip().map(port -> oip(config));
    if (!config.engine().loadsModel()) {
      return new Loaded(Optional.empty(), Optional.empty(), states, oip);
    }
    Loaded model = openModel(config);
    return new Loaded(model.models(), model.tap(), states, oip);
  }

  /** The artefact alone: hidden states come with each call. */
  private static OipModel oip(AgentConfig config) {
    Path folder =
        config
            .engine()
            .direction()
            .orElseGet(() -> Sources.of(config.engine()).directions().get(Sources.MAIN));
    OipModel model = new OipModel(ArtefactFolder.read(folder));
    LOG.info("oip: model {} of {}", OipModel.NAME, folder);
    return model;
  }

  @Override
  public StatesScoring states(AgentConfig config, StatesSource source) {
    return StatesTaps.open(config.engine(), source);
  }

  private static Loaded openModel(AgentConfig config) {
    Sources sources = Sources.of(config.engine());
    TorchRuntime runtime = TorchRuntime.start();
    if (config.engine().threads() > 0) {
      runtime.threads(config.engine().threads());
    }
    try (Checkpoint checkpoint = Checkpoint.open(sources.model())) {
      return open(config, sources, checkpoint, runtime);
    }
  }

  private static Loaded open(
      AgentConfig config, Sources sources, Checkpoint checkpoint, TorchRuntime runtime) {
    Precision precision = precision(config.engine().dtype(), runtime);
    TextTokenizer tokenizer = checkpoint.tokenizer();
    Optional<ChatTemplate> template = checkpoint.chatTemplate();
    ModelPin pin = ModelPins.of(checkpoint, tokenizer, template, sources.name(), "unknown");
    Map<String, Direction> directions = directions(sources, pin);
    Decoder decoder = DecoderLoader.load(checkpoint, precision, runtime.device("auto"));
    sources
        .adapters()
        .forEach(
            (name, folder) ->
                decoder
                    .adapters()
                    .add(
                        name,
                        PeftAdapters.fuse(
                            PeftAdapter.open(folder, checkpoint.config()), checkpoint.config())));
    List<Readout> readouts =
        directions.values().stream()
            .flatMap(d -> Direction.readouts(d.artefact()).stream())
            .toList();
    int queue = config.engine().queue();
    long cache = (long) config.engine().readerCacheMib() << 20;
    Engine engine =
        new Engine(decoder, readouts, new Engine.Limits(ROWS, queue, PASS_TOKENS, cache));
    Prompts prompts = new Prompts(tokenizer, template.map(t -> new ChatEncoder(tokenizer, t)));
    warmUp(engine);
    return config.origin().isPresent()
        ? new Loaded(Optional.empty(), Optional.of(tap(engine, prompts, directions, tokenizer)))
        : new Loaded(
            Optional.of(models(engine, prompts, sources, directions, checkpoint, queue)),
            Optional.empty());
  }

  /** {@code auto} is float32 on a CPU and bfloat16 on a GPU. */
  private static Precision precision(String dtype, TorchRuntime runtime) {
    if (!dtype.equals("auto")) {
      return Precision.parse(dtype);
    }
    return runtime.gpus() == 0 ? Precision.FLOAT32 : Precision.BFLOAT16;
  }

  private static Map<String, Direction> directions(Sources sources, ModelPin pin) {
    Map<String, Direction> directions = new LinkedHashMap<>();
    int first = 0;
    for (Map.Entry<String, Path> entry : sources.directions().entrySet()) {
      Artefact artefact = ArtefactFolder.read(entry.getValue());
      Fit fit = artefact.fit(pin);
      if (!fit.mayScore()) {
        throw new CommandFailure(
            ExitCode.NOT_FITTING,
            "direction " + entry.getValue() + " does not fit " + pin.id() + ": " + fit.explain(),
            null);
      }
      LOG.info("direction {}: {}", artefact.name(), fit.explain());
      directions.put(entry.getKey(), new Direction(artefact, fit, first));
      first += Direction.readouts(artefact).size();
    }
    return directions;
  }

  private static Tap tap(
      Engine engine, Prompts prompts, Map<String, Direction> directions, AutoCloseable owned) {
    Direction direction =
        Optional.ofNullable(directions.get(Sources.MAIN))
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.NOT_FITTING,
                        "wanted a direction for the reader tap, found none; set direction",
                        null));
    return new ReaderTap(engine, prompts, direction, owned);
  }

  private static TorchTextModels models(
      Engine engine,
      Prompts prompts,
      Sources sources,
      Map<String, Direction> directions,
      Checkpoint checkpoint,
      int queue) {
    Set<Long> stops =
        checkpoint.config().eosIds().stream().map(Integer::longValue).collect(Collectors.toSet());
    ThreadPoolExecutor tokenising =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), TorchEngines::thread);
    return new TorchTextModels(
        engine, prompts, stops, served(sources, directions), tokenising, prompts.tokenizer());
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-tokenise");
    thread.setDaemon(true);
    return thread;
  }

  private static Map<String, Served> served(Sources sources, Map<String, Direction> directions) {
    Map<String, Served> served = new LinkedHashMap<>();
    Optional<Direction> main = Optional.ofNullable(directions.get(Sources.MAIN));
    List<Optional<String>> wearing = new ArrayList<>(List.of(Optional.empty()));
    sources.adapters().keySet().forEach(name -> wearing.add(Optional.of(name)));
    for (Optional<String> adapter : wearing) {
      String name = adapter.orElse(sources.name());
      served.put(name, new Served(name, adapter, main, main.filter(d -> d.fit().mayEnforce())));
      directions.forEach(
          (control, direction) -> {
            if (!control.equals(Sources.MAIN) && adapter.isPresent()) {
              String variant = name + "+" + control;
              served.put(variant, new Served(variant, adapter, main, Optional.of(direction)));
            }
          });
    }
    return served;
  }

  /** Runs each kind of pass once, so that the first request pays for no compilation. */
  private static void warmUp(Engine engine) {
    long[] text = {0, 0, 0, 0};
    for (int i = 0; i < 3; i++) {
      engine.read(text, 0, Optional.empty()).join();
    }
  }
}
