package dev.plumbline.torch.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.bench.Doctor;
import dev.plumbline.torch.bench.ForwardBench;
import dev.plumbline.torch.reference.ReferenceTrace;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DeviceMemory;
import dev.plumbline.torch.runtime.DeviceUtilisation;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.Host;
import dev.plumbline.torch.runtime.KvCache;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.RandomCheckpoint;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.runtime.TinyModel;
import dev.plumbline.torch.runtime.TorchRuntime;
import dev.plumbline.torch.runtime.Watch;
import dev.plumbline.torch.runtime.WeightProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold on a CUDA device; {@code .ci/gpu} runs these. */
@Tag("gpu")
class GpuTest {
  private static final Device CUDA = Device.gpu(0);

  @BeforeAll
  static void device() {
    TorchRuntime runtime = TorchRuntime.start();
    assumeTrue(
        runtime.gpus() > 0,
        "wanted a CUDA device, found none with libtorch "
            + runtime.version()
            + " from "
            + runtime.library());
  }

  @Test
  void memory_isToldAndHasRoomForWhatRuns() {
    DeviceMemory memory = DeviceMemory.of(CUDA).orElseThrow();
    assertThat(memory.used()).isBetween(1L, memory.total() - 1);
  }

  @Test
  void utilisation_isAShareOrIsNotToldForAReason() {
    DeviceUtilisation.Told told = DeviceUtilisation.of(CUDA);
    told.share().ifPresent(share -> assertThat(share).isBetween(0.0, 1.0));
    assertThat(told.why().isEmpty()).isEqualTo(told.share().isPresent());
  }

  static Stream<Arguments> parity() {
    return Stream.of("llama_tied", "llama3_scaled", "mistral_window", "qwen2", "qwen3")
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, Precision.FLOAT32, 1e-5),
                    Arguments.of(name, Precision.FLOAT16, 5e-3),
                    Arguments.of(name, Precision.BFLOAT16, 2e-2)));
  }

  @ParameterizedTest
  @MethodSource("parity")
  void forward_onCuda_equalsTheFloat64ReferenceOnTheCpu(
      String name, Precision precision, double bound) {
    long[] ids = TinyModel.tokens(12, 50, 1);
    ReferenceTrace plain = TinyModel.reference(name, ids, InterventionPlan.none());
    try (Decoder decoder = TinyModel.decoder(name, precision, CUDA)) {
      int layers = decoder.shape().layers();
      InterventionPlan plan =
          InterventionPlan.shared(TinyModel.direction(decoder.shape().hidden(), 3), layers);
      ReferenceTrace ablated = TinyModel.reference(name, ids, plan);
      List<TapPoint> taps =
          IntStream.rangeClosed(0, 2 * layers)
              .mapToObj(s -> TapPoint.fromStreamIndex(s, layers))
              .toList();
      try (Watch watch = decoder.watch(taps, List.of());
          Edits edits = decoder.edits(List.of(plan));
          Pass bare = pass(decoder, ids, watch, null);
          Pass edited = pass(decoder, ids, null, edits)) {
        for (int s = 0; s < taps.size(); s++) {
          close(bare.states(taps.get(s)), plain.stream(s), bound);
        }
        close(bare.logitsToHost(), plain.logits(), bound);
        close(edited.logitsToHost(), ablated.logits(), bound);
      }
    }
  }

  private static Pass pass(Decoder decoder, long[] ids, Watch watch, Edits edits) {
    return decoder.forward(new long[][] {ids}, null, watch, edits, null, Decoder.Logits.ALL);
  }

  private static void close(float[] found, double[][] wanted, double bound) {
    assertThat(TinyModel.distance(TinyModel.widen(found), TinyModel.flat(wanted)))
        .isLessThan(bound);
  }

  /** A generated token copies its id (8 bytes) and K readouts (4 bytes each) a row, no state. */
  @Test
  void generate_watched_onlyScoresLeaveTheDevice() {
    int rows = 4;
    int steps = 16;
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.BFLOAT16, CUDA);
        Watch watch =
            decoder.watch(
                List.of(),
                List.of(
                    Readout.projection("a", TapPoint.residPost(0), TinyModel.direction(24, 1)),
                    Readout.projection("b", TapPoint.residPost(1), TinyModel.direction(24, 2))));
        KvCache cache = decoder.cache(new long[rows], 64)) {
      long[][] tokens = new long[rows][1];
      Sampling[] sampling = new Sampling[rows];
      java.util.Arrays.fill(sampling, Sampling.GREEDY);
      long before = Host.bytesCopied();
      for (int step = 0; step < steps; step++) {
        try (Pass pass = decoder.forward(tokens, cache, watch, null, null, Decoder.Logits.LAST)) {
          pass.readouts();
          long[] drawn = pass.sample(sampling, new double[rows]);
          for (int row = 0; row < rows; row++) {
            tokens[row][0] = drawn[row];
          }
        }
      }
      long perToken = (Host.bytesCopied() - before) / (rows * (long) steps);
      System.out.printf("bytes copied to the host a token: %d%n", perToken);
      assertThat(perToken).isEqualTo(8 + 2 * 4);
    }
  }

  @Test
  void projection_ofManyStates_nearlyReachesThePlainCopy(@TempDir Path folder) throws IOException {
    Path model = RandomCheckpoint.write(folder, 1, 2048, 128, 64);
    long rows = (256L << 20) / (4 * 2048);
    try (Decoder decoder = decoder(model, Precision.FLOAT32);
        WeightProbe probe = decoder.probe()) {
      double copy = 0;
      double projection = 0;
      for (int i = 0; i < 5; i++) {
        copy = Math.max(copy, probe.copyBandwidth(rows));
        projection = Math.max(projection, probe.projectionBandwidth(rows));
      }
      System.out.printf(
          "projection of 256 MiB: %.0f GB/s, plain copy %.0f GB/s, share %.2f%n",
          projection * 1e-9, copy * 1e-9, projection / copy);
      assertThat(projection).isGreaterThan(0.8 * copy);
    }
  }

  private static Decoder decoder(Path model, Precision precision) {
    try (var checkpoint = dev.plumbline.torch.checkpoint.Checkpoint.open(model)) {
      return dev.plumbline.torch.runtime.DecoderLoader.load(checkpoint, precision, CUDA, 1024);
    }
  }

  /** Figures only; of SmolLM2 where its GGUF is named, else of random weights of like size. */
  @Test
  void speed_ofReadingAndGeneration_isPrinted(@TempDir Path folder) throws IOException {
    String named = System.getenv("PLUMBLINE_SMOLLM2_GGUF");
    Path model =
        named != null && Files.isRegularFile(Path.of(named))
            ? Path.of(named)
            : RandomCheckpoint.write(folder, 30, 576, 1536, 49152);
    var options =
        new ForwardBench.Options(
            List.of(Precision.FLOAT32, Precision.BFLOAT16, Precision.FLOAT16),
            20,
            5,
            List.of(1, 8),
            "cuda",
            System.getProperty("plumbline.commit", "unknown"));
    var report = ForwardBench.run(model, options, System.out::println);
    System.out.print(report.table());
    System.out.println(report.toJson());
    assertThat(report.generation()).hasSize(3);
  }

  @Test
  void doctor_onCuda_findsNothingWrong() {
    var report = Doctor.examine();
    System.out.print(report.table());
    assertThat(report.healthy()).isTrue();
  }
}
