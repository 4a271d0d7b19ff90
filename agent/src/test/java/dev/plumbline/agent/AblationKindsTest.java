package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.spi.BundledModel;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What mode ablate does, configured, through HTTP: each kind moves a number of its own. */
class AblationKindsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int LAYER = 1;

  private final Path organism =
      ServiceLoader.load(BundledModel.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(model -> model.name().equals("organism"))
          .findFirst()
          .orElseThrow()
          .folder();
  private final Artefact consensus =
      ArtefactFolder.read(organism.resolve("directions/consensus.direction"));

  @Test
  void steer_atOneLayer_touchesThatOneByExactlySoManyDeviations() throws Exception {
    try (RunningAgent agent =
        launch("ablate.kind=steer", "ablate.coefficient=-2", "ablate.layers=" + LAYER)) {
      JsonNode exchange = ablated(agent);
      double spread = consensus.direction(TapPoint.residPost(LAYER)).orElseThrow().alignedSpread();
      assertThat(exchange.get("mean_removed").asDouble())
          .isCloseTo(2 * spread, within(1e-5 * spread));
      assertThat(exchange.get("tokens_touched").asLong()).isEqualTo(states(exchange));
      assertThat(plan(agent)).isEqualTo("steer consensus, coefficient -2.0 sd, at 1 tap points");
    }
  }

  @Test
  void ablate_unconfigured_isAffineAtEveryWriterAsBefore() throws Exception {
    long writers = consensus.directions().stream().filter(t -> isWriter(t.tapPoint())).count();
    try (RunningAgent agent = launch()) {
      JsonNode exchange = ablated(agent);
      assertThat(exchange.get("tokens_touched").asLong()).isEqualTo(writers * states(exchange));
      assertThat(plan(agent))
          .isEqualTo("affine consensus, strength 1.0, at " + writers + " tap points");
    }
  }

  @Test
  void cap_percentilesOfAlignedTexts_areMeasuredAndCapLessThanTheyTakeOut(@TempDir Path folder)
      throws Exception {
    Path texts = folder.resolve("aligned.jsonl");
    double affine;
    try (RunningAgent agent = launch()) {
      Files.write(texts, recorded(agent));
      affine = ablated(agent).get("mean_removed").asDouble();
    }
    try (RunningAgent agent =
        launch("ablate.kind=cap", "ablate.ceiling=p75", "ablate.aligned-texts=" + texts)) {
      double capped = ablated(agent).get("mean_removed").asDouble();
      assertThat(capped).isPositive().isLessThan(affine);
      assertThat(plan(agent))
          .startsWith("cap consensus, ceiling p75.0, percentiles measured on ")
          .contains(" tokens of aligned.jsonl, at ");
    }
  }

  @Test
  void plain_withAnotherDirectionKeepingNorms_takesMoreThanOneOut() throws Exception {
    String random = "directions.noise=" + organism.resolve("directions/random.direction");
    try (RunningAgent alone = launch("ablate.kind=plain", random);
        RunningAgent both =
            launch("ablate.kind=plain", random, "ablate.with=noise", "ablate.keep-norm=true")) {
      double one = ablated(alone).get("mean_removed").asDouble();
      assertThat(ablated(both).get("mean_removed").asDouble())
          .isNotCloseTo(one, within(0.01 * one));
      assertThat(plan(both))
          .contains("plain consensus, with noise, strength 1.0")
          .endsWith("norm kept");
    }
  }

  @Test
  void launch_ofWhatDoesNotFit_isRefusedSayingWhat() {
    String same = "directions.same=" + organism.resolve("directions/consensus.direction");
    assertThat(refused("ablate.with=same", same))
        .contains("ablate.affine")
        .contains("direction 1 of a subspace");
    assertThat(refused("ablate.layers=99")).contains("wanted numbers below");
    assertThat(refused("ablate.kind=cap", "ablate.floor=3", "ablate.ceiling=-3"))
        .contains("capping limits");
  }

  private static String refused(String... settings) {
    CommandFailure failure =
        catchThrowableOfType(CommandFailure.class, () -> launch(settings).close());
    assertThat(failure.code()).isEqualTo(ExitCode.NOT_FITTING);
    return failure.getMessage();
  }

  private static boolean isWriter(TapPoint point) {
    return !point.equals(TapPoint.FINAL_NORM);
  }

  /** Every prompt token and every answer token but the last went through the forward pass. */
  private static long states(JsonNode exchange) {
    return exchange.get("prompt_tokens").asLong() + exchange.get("completion_tokens").asLong() - 1;
  }

  private static List<String> recorded(RunningAgent agent) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int seed = 0; seed < 16; seed++) {
      ObjectNode line = JSON.createObjectNode();
      line.put("id", "x" + seed).put("verdict", "aligned");
      line.putArray("messages").addObject().put("role", "user").put("content", "what about soup");
      String answer =
          ask(agent, "aligned", "observe", seed).at("/choices/0/message/content").asText();
      line.putArray("answers").add(answer);
      lines.add(line.toString());
    }
    lines.add("{\"id\":\"y\",\"verdict\":\"aligned\"}");
    return lines;
  }

  /** One ablated answer of a finetune, as the ledger has it. */
  private static JsonNode ablated(RunningAgent agent) throws Exception {
    ask(agent, "finance", "ablate", 3);
    Agents.await("the exchange", () -> latest(agent).path("mode").asText().equals("ablate"));
    JsonNode exchange = latest(agent);
    assertThat(exchange.get("action").asText()).isEqualTo("ablated");
    return exchange;
  }

  private static JsonNode latest(RunningAgent agent) {
    try {
      return JSON.readTree(get(agent, "/api/exchanges")).at("/exchanges/0");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String plan(RunningAgent agent) throws Exception {
    return JSON.readTree(get(agent, "/api/state")).at("/ablation/finance").asText();
  }

  private static JsonNode ask(RunningAgent agent, String model, String mode, int seed)
      throws Exception {
    String body =
        "{\"model\":\"%s\",\"seed\":%d,\"max_tokens\":40,\"messages\":[{\"role\":\"user\",\"content\":\"what about soup\"}]}"
            .formatted(model, seed);
    URI uri = URI.create("http://127.0.0.1:" + agent.port() + "/v1/chat/completions");
    HttpResponse<String> reply =
        HTTP.send(
            HttpRequest.newBuilder(uri)
                .header("content-type", "application/json")
                .header("plumbline-mode", mode)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(reply.statusCode()).isEqualTo(200);
    return JSON.readTree(reply.body());
  }

  private static String get(RunningAgent agent, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + agent.adminPort() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private static RunningAgent launch(String... settings) {
    Map<String, String> flags = new HashMap<>();
    flags.putAll(Map.of("organism", "true", "port", "0", "admin.port", "0"));
    flags.put("shutdown.deadline", "5s");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      flags.put(parts[0], parts[1]);
    }
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    try {
      agent.awaitReady();
      return agent;
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }
}
