package dev.plumbline.agent.tap.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTapTest {
  private static final String ID = "r";
  private static final String NAME = "chatcmpl-r-01234567.safetensors";
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path root;
  private Path directory;
  private FileTap tap;

  @BeforeEach
  void open() throws IOException {
    directory = Files.createDirectory(root.resolve("states"));
    tap = tap(Duration.ofMillis(40), 1 << 20, List.of(3));
  }

  @AfterEach
  void close() {
    tap.close();
  }

  private FileTap tap(Duration patience, long mostBytes, List<Integer> ids) {
    return new FileTap(
        new FileTap.Settings(
            directory,
            directory,
            ids,
            StatesArtefacts.LAYERS,
            patience,
            Duration.ofHours(1),
            mostBytes),
        Clock.systemUTC());
  }

  @Test
  void points_auxiliaryIdK_isTheOutputOfLayerKMinus1() {
    try (FileTap other = tap(LONG, 1, List.of(0, 1, 4))) {
      assertThat(other.points())
          .containsExactly(TapPoint.EMBED, TapPoint.residPost(0), TapPoint.residPost(3));
    }
  }

  @Test
  void find_everyNumberForm_givesTheSameReading() throws IOException {
    Pass pass = Pass.of(1, 4, 5);
    for (NumberForm form : NumberForm.values()) {
      write(StatesFiles.file(pass.states(), pass.forwarded(), 1, form));
      assertThat(read(pass).score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
      assertEmpty();
    }
  }

  @Test
  void find_severalLayers_readsEachOnItsOwn() throws IOException {
    try (FileTap two = tap(LONG, 1 << 20, List.of(3, 1))) {
      Pass pass = Pass.of(2, 4, 5);
      write(StatesFiles.file(pass.states(), pass.forwarded(), 2, NumberForm.F32));
      Found found = found(two, pass, "chatcmpl-r-01234567.safetensors");
      Reading reading = StatesArtefacts.scorer(TapPoint.residPost(0)).read(found);
      assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
    }
  }

  @Test
  void find_fileThatIsWrittenSlowly_waitsForItsEnd() throws Exception {
    try (FileTap patient = tap(LONG, 1 << 20, List.of(3))) {
      Pass pass = Pass.of(3, 4, 40);
      byte[] file = StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16);
      Thread writer =
          new Thread(
              () -> {
                try (var out = Files.newOutputStream(directory.resolve(NAME))) {
                  for (int at = 0; at < file.length; at += 97) {
                    out.write(file, at, Math.min(97, file.length - at));
                    Thread.sleep(2);
                  }
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.start();
      Reading reading = reading(found(patient, pass, null));
      writer.join();
      assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
      assertEmpty();
    }
  }

  @Test
  void find_truncatedAtAnyPlace_isATapErrorAndDeleted() throws IOException {
    Pass pass = Pass.of(4, 3, 4);
    byte[] file = StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16);
    for (int length : new int[] {0, 5, 8, 60, file.length - 1}) {
      write(Arrays.copyOf(file, length));
      assertThat(read(pass).reason()).contains(UnscoredReason.TAP_ERROR);
      assertEmpty();
    }
    write(Arrays.copyOf(file, file.length + 1));
    assertThat(read(pass).reason()).contains(UnscoredReason.TAP_ERROR);
    assertEmpty();
  }

  @Test
  void find_headersThatLie_areTapErrorsAndDeleted() throws IOException {
    String ids = "\"token_ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}";
    List<String> headers =
        List.of(
            "[]",
            "{" + ids + "}",
            "{\"hidden_states\":" + tensor("F32", "[1,1,8]", "[0,33]") + "," + ids + "}",
            "{\"hidden_states\":" + tensor("F32", "[1,1,8]", "[-4,28]") + "," + ids + "}",
            "{\"hidden_states\":" + tensor("F64", "[1,1,8]", "[0,64]") + "," + ids + "}",
            "{\"hidden_states\":" + tensor("F32", "[1,8]", "[0,32]") + "," + ids + "}",
            "{\"hidden_states\":"
                + tensor("F32", "[2147483647,2147483647,2147483647]", "[0,32]")
                + ","
                + ids
                + "}",
            "{\"hidden_states\":" + tensor("F32", "[99999999999,1,8]", "[0,32]") + "," + ids + "}",
            "{\"hidden_states\":7,\"token_ids\":null}");
    for (String header : headers) {
      write(StatesFiles.withHeader(header, new byte[40]));
      assertThat(read(Pass.of(5, 1, 1)).reason()).as(header).contains(UnscoredReason.TAP_ERROR);
      assertEmpty();
    }
  }

  private static String tensor(String type, String shape, String offsets) {
    return "{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
  }

  @Test
  void find_bytesAtRandom_neverThrowsAndLeavesNothing() throws IOException {
    Random random = new Random(6);
    Pass pass = Pass.of(6, 3, 4);
    byte[] sound = StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16);
    for (int i = 0; i < 40; i++) {
      byte[] file = sound.clone();
      file[random.nextInt(file.length)] = (byte) random.nextInt();
      file[random.nextInt(60)] = (byte) random.nextInt();
      write(file);
      read(pass);
      assertEmpty();
    }
  }

  @Test
  void find_prefixCaching_fewerStatesThanIds_isATapError() throws IOException {
    Pass pass = Pass.of(7, 6, 4);
    float[][] rest = Arrays.copyOfRange(pass.states(), 4, pass.states().length);
    write(StatesFiles.file(rest, pass.forwarded(), 1, NumberForm.BF16));
    assertThat(read(pass).reason()).contains(UnscoredReason.TAP_ERROR);
    assertEmpty();
  }

  @Test
  void find_serverWithoutOutputTokens_hasNoHiddenStates() throws IOException {
    Pass pass = Pass.of(8, 4, 5);
    write(StatesFiles.file(Arrays.copyOf(pass.states(), 4), pass.prompt(), 1, NumberForm.BF16));
    assertThat(read(pass).reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertEmpty();
  }

  @Test
  void find_otherNumberOfLayers_isTheWrongModel() throws IOException {
    Pass pass = Pass.of(9, 3, 4);
    write(StatesFiles.file(pass.states(), pass.forwarded(), 2, NumberForm.BF16));
    assertThat(read(pass).reason()).contains(UnscoredReason.WRONG_MODEL);
    assertEmpty();
  }

  @Test
  void find_anotherExchangesTokens_isATapError() throws IOException {
    Pass pass = Pass.of(10, 3, 4);
    Pass other = Pass.of(11, 3, 4);
    write(StatesFiles.file(other.states(), other.forwarded(), 1, NumberForm.BF16));
    assertThat(read(pass).reason()).contains(UnscoredReason.TAP_ERROR);
    assertEmpty();
  }

  @Test
  void find_overTheBound_isTooLong() throws IOException {
    try (FileTap small = tap(LONG, 63, List.of(3))) {
      Pass pass = Pass.of(12, 3, 5);
      write(StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16));
      assertThat(reading(found(small, pass, null)).reason()).contains(UnscoredReason.TOO_LONG);
      assertEmpty();
    }
  }

  @Test
  void find_pathOutsideTheDirectory_isATapError_andIsNotTouched() throws IOException {
    Pass pass = Pass.of(13, 3, 4);
    byte[] file = StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16);
    Path outside = Files.write(root.resolve(NAME), file);
    for (String path :
        List.of(
            outside.toString(),
            directory + "/../" + NAME,
            directory + "/sub/../../" + NAME,
            "../" + NAME,
            NAME,
            directory + "/chatcmpl-other-01234567.safetensors",
            "\u0000",
            "")) {
      assertThat(reading(foundAt(pass, path)).reason()).as(path).contains(UnscoredReason.TAP_ERROR);
      assertThat(outside).exists();
    }
  }

  @Test
  void find_linkOutOfTheDirectory_isNotFollowed_andIsDeleted() throws IOException {
    Pass pass = Pass.of(14, 3, 4);
    byte[] file = StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16);
    Path outside = Files.write(root.resolve("precious"), file);
    Files.createSymbolicLink(directory.resolve(NAME), outside);
    assertThat(read(pass).reason()).contains(UnscoredReason.TAP_ERROR);
    assertThat(outside).exists();
    assertEmpty();
  }

  @Test
  void find_directoryOfThatName_isATapError() throws IOException {
    Files.createDirectory(directory.resolve(NAME));
    assertThat(read(Pass.of(15, 3, 4)).reason()).contains(UnscoredReason.TAP_ERROR);
  }

  @Test
  void find_missingDirectory_isATapErrorAtOnce() throws IOException {
    try (FileTap patient = tap(LONG, 1 << 20, List.of(3))) {
      Files.delete(directory);
      assertThat(reading(found(patient, Pass.of(16, 3, 4), null)).reason())
          .contains(UnscoredReason.TAP_ERROR);
      assertThat(reading(found(patient, Pass.of(16, 3, 4), NAME)).reason())
          .contains(UnscoredReason.TAP_ERROR);
    }
  }

  @Test
  void find_onAFullDisk_isATapError_andMakesRoomForTheNext() throws IOException {
    try (FullDisk disk = FullDisk.over(directory)) {
      Pass tooMuch = Pass.of(31, 4, 2000);
      FullDisk.fill(
          directory.resolve(NAME),
          StatesFiles.file(tooMuch.states(), tooMuch.forwarded(), 1, NumberForm.F32));
      assertThat(read(tooMuch).reason()).contains(UnscoredReason.TAP_ERROR);
      assertEmpty();
      Pass fits = Pass.of(32, 4, 5);
      write(StatesFiles.file(fits.states(), fits.forwarded(), 1, NumberForm.F32));
      assertThat(read(fits).score().getAsDouble()).isCloseTo(fits.score(), within(1e-12));
    }
  }

  @Test
  void find_abandoned_doesNotWait() {
    try (FileTap patient = tap(LONG, 1 << 20, List.of(3))) {
      StatesExchange exchange = exchange(patient, "{}", "/v1/chat/completions");
      Found found = exchange.find(() -> true).toCompletableFuture().join();
      assertThat(reading(found).reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    }
  }

  @Test
  void find_anotherIdWithTheSameBeginning_isLeftAlone() throws IOException {
    Pass pass = Pass.of(17, 3, 4);
    String other = "chatcmpl-r-1-01234567.safetensors";
    StatesFiles.write(
        directory, other, StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16));
    assertThat(read(pass).reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(directory.resolve(other)).exists();
  }

  @Test
  void find_twoFilesForOneAnswer_isATapError() throws IOException {
    Pass pass = Pass.of(18, 3, 4);
    byte[] file = StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16);
    write(file);
    StatesFiles.write(directory, "chatcmpl-r-89abcdef.safetensors", file);
    // Either both have settled at one look, or a single one was read: never a mixture.
    Reading reading = read(pass);
    assertThat(reading.reason().map(r -> r == UnscoredReason.TAP_ERROR).orElse(true)).isTrue();
  }

  @Test
  void find_twoChoices_givesEachItsOwnFile() throws IOException {
    Pass one = Pass.of(19, 3, 4);
    Pass two = Pass.of(20, 3, 6);
    Pass second = new Pass(one.prompt(), two.answer(), two.states());
    StatesFiles.write(
        directory,
        "1_chatcmpl-r-01234567.safetensors",
        StatesFiles.file(second.states(), second.forwarded(), 1, NumberForm.BF16));
    StatesFiles.write(
        directory,
        "0_chatcmpl-r-01234567.safetensors",
        StatesFiles.file(one.states(), one.forwarded(), 1, NumberForm.BF16));
    StatesExchange exchange = exchange(tap, "{\"n\":2,\"stream\":true}", "/v1/chat/completions");
    ObjectNode request = Pass.json("{\"return_token_ids\":true}");
    String stream =
        VllmScript.stream(one, request)
            + VllmScript.stream(second, request).replace("\"index\":0", "\"index\":1")
            + "data: [DONE]\n\n";
    feed(exchange.filter(true), stream);
    Found found = exchange.find(() -> false).toCompletableFuture().join();
    Reading reading = reading(found);
    assertThat(((Found.States) found).choices()).extracting(c -> c.choice()).contains(0, 1);
    assertThat(reading.tokensScored()).isEqualTo(3 + 5);
    assertThat(reading.score().getAsDouble())
        .isCloseTo(Math.max(one.score(), second.score()), within(1e-12));
    assertEmpty();
  }

  @Test
  void find_completions_byTheirOwnPrefix() throws IOException {
    Pass pass = Pass.of(21, 3, 4);
    StatesFiles.write(
        directory,
        "cmpl-r-0-01234567.safetensors",
        StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16));
    StatesExchange exchange = exchange(tap, "{\"prompt\":\"x\"}", "/v1/completions");
    ObjectNode request = Pass.json("{\"return_token_ids\":true}");
    feed(exchange.filter(false), VllmScript.whole(pass, request).toString());
    Found found = exchange.find(() -> false).toCompletableFuture().join();
    assertThat(reading(found).score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
    assertEmpty();
  }

  @Test
  void discard_fileThatComesLater_isDeleted() throws Exception {
    try (FileTap patient = tap(LONG, 1 << 20, List.of(3))) {
      exchange(patient, "{}", "/v1/chat/completions").discard();
      Pass pass = Pass.of(22, 3, 4);
      write(StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16));
      while (count() > 0) {
        Thread.sleep(2);
      }
    }
  }

  @Test
  void sweep_orphansByAge_andNothingElse() throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    for (String name :
        List.of(NAME, NAME + ".lock", "0_cmpl-x-1-2.safetensors", "notes.txt", "m.safetensors")) {
      Files.setLastModifiedTime(Files.createFile(directory.resolve(name)), old);
    }
    Files.createFile(directory.resolve("chatcmpl-young.safetensors"));
    tap.sweep();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("notes.txt", "m.safetensors", "chatcmpl-young.safetensors");
    }
  }

  @Test
  void decorate_clientsOwnParameters_areKeptAndFilesLeftToIt() throws IOException {
    String body = "{\"kv_transfer_params\":{\"include_output_tokens\":false,\"x\":1e400}}";
    StatesExchange exchange = exchange(tap, body, "/v1/chat/completions");
    assertThat(new String(exchange.body(), StandardCharsets.UTF_8))
        .contains("\"include_output_tokens\":false")
        .contains("\"x\":1E+400");
    write(new byte[8]);
    exchange.find(() -> false).toCompletableFuture().join();
    exchange.discard();
    assertThat(directory.resolve(NAME)).exists();
    assertThat(
            tap.decorate(
                new OriginRequest(
                    "/v1/chat/completions",
                    ID,
                    "{\"kv_transfer_params\":7}".getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
  }

  @Test
  void decorate_halfASurrogatePair_passesAsItCame() {
    StatesExchange exchange = exchange(tap, "{\"x\":\"\\ud800\"}", "/v1/chat/completions");
    assertThat(new String(exchange.body(), StandardCharsets.UTF_8))
        .containsIgnoringCase("\"\\ud800\"");
  }

  @Test
  void find_clientThatLeftEarly_readsAllThatWentThrough() throws IOException {
    Pass pass = Pass.of(23, 3, 8);
    write(StatesFiles.file(pass.states(), pass.forwarded(), 1, NumberForm.BF16));
    StatesExchange exchange = exchange(tap, "{\"stream\":true}", "/v1/chat/completions");
    String stream = VllmScript.stream(pass, Pass.json("{\"return_token_ids\":true}"));
    feed(exchange.filter(true), stream.substring(0, stream.length() / 2));
    Found found = exchange.find(() -> false).toCompletableFuture().join();
    assertThat(reading(found).score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
    assertEmpty();
  }

  @Test
  void headers_nameTheRequest_soThatItsFileIsFound() {
    assertThat(exchange(tap, "{}", "/openai/v1/chat/completions/").headers())
        .containsEntry("x-request-id", ID);
  }

  private void write(byte[] file) throws IOException {
    StatesFiles.write(directory, NAME, file);
  }

  private Reading read(Pass pass) {
    return reading(found(tap, pass, NAME));
  }

  private Found found(FileTap by, Pass pass, String name) {
    return foundAt(by, pass, name == null ? null : directory.resolve(name).toString());
  }

  private Found foundAt(Pass pass, String path) {
    return foundAt(tap, pass, path);
  }

  private static Found foundAt(FileTap by, Pass pass, String path) {
    StatesExchange exchange = exchange(by, "{}", "/v1/chat/completions");
    ObjectNode request = Pass.json("{\"return_token_ids\":true}");
    ObjectNode body = VllmScript.whole(pass, request);
    if (path != null) {
      body.putObject("kv_transfer_params").put("hidden_states_path", path);
    }
    feed(exchange.filter(false), body.toString());
    return exchange.find(() -> false).toCompletableFuture().join();
  }

  private static StatesExchange exchange(FileTap by, String body, String path) {
    return by.decorate(new OriginRequest(path, ID, body.getBytes(StandardCharsets.UTF_8)))
        .orElseThrow();
  }

  private static void feed(AnswerFilter filter, String answer) {
    filter.feed(answer.getBytes(StandardCharsets.UTF_8));
    filter.end();
  }

  private static Reading reading(Found found) {
    return StatesArtefacts.scorer(TapPoint.residPost(2)).read(found);
  }

  private long count() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  private void assertEmpty() throws IOException {
    assertThat(count()).isZero();
  }
}
