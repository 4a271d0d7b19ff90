package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.Ablation;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.EngineSettings;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.oip.OipModel;
import dev.plumbline.agent.tap.ArtefactCard;
import dev.plumbline.agent.tap.DeviceUse;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.core.direction.Readout;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a model, its adapters and its directions into the decoder runtime, and warms it up. */
public final class TorchEngines implements Engines {
  private static final Logger LOG = LoggerFactory.getLogger(TorchEngines.class);
  private static final int ROWS = 128;

  /** Artefacts that are remembered to have been opened: a fleet may publish any number. */
  private static final int MOST_ARTEFACTS = 64;

  /** Makes the engine; a test makes one that fails. */
  @FunctionalInterface
  interface EngineMaker {
    Engine make(Decoder decoder, List<Readout> readouts, Engine.Limits limits);
  }

  private final EngineMaker maker;

  /** The latest of each folder, the oldest first; guarded by itself. */
  private final Map<String, OpenedArtefact> artefacts = new LinkedHashMap<>();

  public TorchEngines() {
    this(Engine::new);
  }

  TorchEngines(EngineMaker maker) {
    this.maker = maker;
  }

  /** What the engines that were opened last were made of. */
  private volatile Optional<Signatures> latest = Optional.empty();

  @Override
  public List<OpenedArtefact> artefacts() {
    synchronized (artefacts) {
      return artefacts.values().stream()
          .sorted(Comparator.comparing(OpenedArtefact::folder))
          .toList();
    }
  }

  private void opened(OpenedArtefact artefact) {
    synchronized (artefacts) {
      artefacts.remove(artefact.folder());
      artefacts.put(artefact.folder(), artefact);
      while (artefacts.size() > MOST_ARTEFACTS) {
        artefacts.remove(artefacts.keySet().iterator().next());
      }
    }
  }

  @Override
  public Loaded open(AgentConfig config) {
    Signatures signatures = Signatures.of(config, this::opened);
    try (Opening parts = new Opening()) {
      Optional<StatesScoring> states = StatesTaps.open(config.engine(), signatures);
      states.ifPresent(parts::add);
      Optional<OipModel> oip = config.oip().map(port -> oip(config, signatures));
      Loaded model =
          config.engine().loadsModel()
              ? openModel(config, signatures)
              : withoutModel(config.engine(), signatures);
      latest = Optional.of(signatures);
      return parts.done(
          new Loaded(model.models(), model.tap(), states, oip, model.device(), model.artefacts()));
    }
  }

  private static Loaded withoutModel(EngineSettings engine, Signatures signatures) {
    return new Loaded(Optional.empty(), Optional.empty())
        .with(ArtefactCards.apart(engine.direction(), engine.directions(), signatures));
  }

  /** The artefact alone: hidden states come with each call. */
  private static OipModel oip(AgentConfig config, Signatures signatures) {
    Path folder =
        config
            .engine()
            .direction()
            .orElseGet(() -> Sources.of(config.engine()).directions().get(Sources.MAIN));
    OipModel model = new OipModel(signatures.read(folder));
    LOG.info("oip: model {} of {}", OipModel.NAME, folder);
    return model;
  }

  @Override
  public StatesScoring states(AgentConfig config, StatesSource source) {
    return StatesTaps.open(config.engine(), source, Signatures.of(config, this::opened));
  }

  private Signatures opened(AgentConfig config) {
    return latest.orElseGet(() -> Signatures.of(config, this::opened));
  }

  @Override
  public List<ArtefactCard> cards(AgentConfig config) {
    return ArtefactDetails.of(config.engine(), opened(config));
  }

  @Override
  public Optional<Judging> judging(AgentConfig config) {
    return judging(config, opened(config));
  }

  @Override
  public void check(AgentConfig config) {
    judging(config, Signatures.of(config, unused -> {}));
  }

  private static Optional<Judging> judging(AgentConfig config, Signatures signatures) {
    Optional<Path> folder =
        config
            .engine()
            .direction()
            .or(
                () ->
                    Optional.of(config.engine())
                        .filter(EngineSettings::organism)
                        .map(engine -> Sources.of(engine).directions().get(Sources.MAIN)));
    return folder.map(
        path -> {
          Artefact artefact = signatures.read(path);
          return new Judging(
              artefact.name(), path, artefact.calibration(), ScoreBaseline.in(artefact));
        });
  }

  private Loaded openModel(AgentConfig config, Signatures signatures) {
    Sources sources = Sources.of(config.engine());
    TorchRuntime runtime = TorchRuntime.start();
    if (config.engine().threads() > 0) {
      runtime.threads(config.engine().threads());
    } else if (runtime.threads() > Runtime.getRuntime().availableProcessors()) {
      // libtorch counts the machine's cores, the JVM those this container may use.
      runtime.threads(Runtime.getRuntime().availableProcessors());
    }
    DeviceChoice device = DeviceChoice.of(config.engine().device(), runtime);
    device.tell();
    try (Checkpoint checkpoint = Checkpoint.open(sources.model())) {
      return open(config, sources, checkpoint, runtime, device, signatures);
    }
  }

  private Loaded open(
      AgentConfig config,
      Sources sources,
      Checkpoint checkpoint,
      TorchRuntime runtime,
      DeviceChoice device,
      Signatures signatures) {
    try (Opening parts = new Opening()) {
      return parts.done(open(config, sources, checkpoint, runtime, device, signatures, parts));
    }
  }

  private Loaded open(
      AgentConfig config,
      Sources sources,
      Checkpoint checkpoint,
      TorchRuntime runtime,
      DeviceChoice device,
      Signatures signatures,
      Opening parts) {
    TextTokenizer tokenizer = parts.add(checkpoint.tokenizer());
    Optional<ChatTemplate> template = checkpoint.chatTemplate();
    ModelPin pin = ModelPins.of(checkpoint, tokenizer, template, sources.name(), "unknown");
    DirectionFolders directions = DirectionFolders.open(sources, pin, signatures);
    directions.keep(config.tokens());
    Precision precision = precision(config.engine().dtype(), device);
    Decoder decoder =
        parts.add(DecoderLoader.load(checkpoint, precision, runtime.device(device.name())));
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
    Prompts prompts = new Prompts(tokenizer, template.map(t -> new ChatEncoder(tokenizer, t)));
    boolean serves = config.origin().isEmpty();
    Map<String, Ablating> ablating =
        serves ? ablating(config.engine().ablation(), directions, decoder, prompts) : Map.of();
    Engine engine = parts.add(maker.make(decoder, directions.readouts(), limits(config)), decoder);
    WarmUp.reading(engine);
    Loaded loaded =
        serves
            ? serving(config, engine, prompts, sources, directions, ablating, checkpoint, device)
            : reading(engine, prompts, directions, tokenizer, device);
    return loaded.with(ArtefactCards.of(sources, directions, signatures));
  }

  /** What is done along each direction that may be taken out, made while nothing else runs. */
  private static Map<String, Ablating> ablating(
      Ablation asked, DirectionFolders directions, Decoder decoder, Prompts prompts) {
    AblationPlans plans =
        new AblationPlans(
            asked,
            directions.beside(),
            artefact ->
                asked
                    .alignedTexts()
                    .map(file -> new AlignedReading(decoder, prompts, file).along(artefact))
                    .orElseGet(AlignedTexts::none));
    Map<String, Ablating> ablating = new LinkedHashMap<>();
    directions
        .own()
        .forEach(
            (name, direction) -> {
              if (!name.equals(Sources.MAIN) || direction.fit().mayEnforce()) {
                ablating.put(name, plans.of(direction, !name.equals(Sources.MAIN)));
                LOG.info("ablate: {}", ablating.get(name).says());
                ablating
                    .get(name)
                    .named()
                    .forEach((word, one) -> LOG.info("ablate {}: {}", word, one.says()));
              }
            });
    return ablating;
  }

  /** A reader's own queue holds what the desk before it may send, so the desk's bound decides. */
  private static Engine.Limits limits(AgentConfig config) {
    EngineSettings engine = config.engine();
    int queue = engine.queue();
    return new Engine.Limits(
        ROWS,
        config.origin().isPresent() ? Math.max(queue, config.limits().scoringQueue()) : queue,
        engine.batches().tokens(),
        (long) engine.readerCacheMib() << 20,
        engine.batches().delay());
  }

  private static Loaded reading(
      Engine engine,
      Prompts prompts,
      DirectionFolders directions,
      AutoCloseable owned,
      DeviceChoice device) {
    return new Loaded(
        Optional.empty(),
        Optional.of(tap(engine, prompts, directions, owned)),
        Optional.empty(),
        Optional.empty(),
        use(device, engine),
        List.of());
  }

  private static Loaded serving(
      AgentConfig config,
      Engine engine,
      Prompts prompts,
      Sources sources,
      DirectionFolders directions,
      Map<String, Ablating> ablating,
      Checkpoint checkpoint,
      DeviceChoice device) {
    WarmUp.generating(
        engine,
        Optional.ofNullable(ablating.get(Sources.MAIN)).stream().map(Ablating::plan).toList());
    return new Loaded(
        Optional.of(
            ServedModels.of(
                engine,
                prompts,
                ServedModels.named(sources, directions, ablating),
                checkpoint.config().eosIds(),
                config.engine().queue())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        use(device, engine),
        List.of());
  }

  private static Supplier<DeviceUse> use(DeviceChoice device, Engine engine) {
    Supplier<Optional<DeviceUse.Memory>> memory = GpuAnswer.memory(device);
    Supplier<Optional<DeviceUse.Utilisation>> utilisation = GpuAnswer.utilisation(device);
    return () -> use(device, engine.deviceUse(), memory.get(), utilisation.get());
  }

  private static DeviceUse use(
      DeviceChoice device,
      dev.plumbline.torch.serve.DeviceUse engine,
      Optional<DeviceUse.Memory> memory,
      Optional<DeviceUse.Utilisation> utilisation) {
    return new DeviceUse(
        device.kind(),
        device.found(),
        engine.failing(),
        engine.opened(),
        engine.outOfMemory(),
        engine.otherFailures(),
        engine.refused(),
        engine.limitTokens(),
        engine.boundTokens(),
        engine.passes(),
        engine.rows(),
        engine.tokens(),
        engine.padding(),
        engine.busyNanos(),
        memory,
        utilisation);
  }

  /** {@code auto} is float32 on a CPU and bfloat16 on a GPU. */
  private static Precision precision(String dtype, DeviceChoice device) {
    if (!dtype.equals("auto")) {
      return Precision.parse(dtype);
    }
    return device.kind().equals("gpu") ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  private static Tap tap(
      Engine engine, Prompts prompts, DirectionFolders directions, AutoCloseable owned) {
    Directions judging =
        directions
            .judging()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.NOT_FITTING,
                        "wanted a direction for the reader tap, found none; set direction",
                        null));
    return new ReaderTap(engine, prompts, judging, owned);
  }
}
