package dev.plumbline.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir private Path dir;

  @Test
  void keys_andDefaults_areThese() {
    Map<String, String> found = new LinkedHashMap<>();
    for (Key key : Key.values()) {
      found.put(key.key(), key.fallback().orElse("-"));
      assertThat(key.key()).matches("[a-z]+([.-][a-z]+)*");
      assertThat(key.help()).isNotBlank();
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("host", "127.0.0.1");
    wanted.put("port", "8080");
    wanted.put("tls.certificate", "-");
    wanted.put("tls.key", "-");
    wanted.put("tls.client-ca", "-");
    wanted.put("admin.host", "127.0.0.1");
    wanted.put("admin.port", "8081");
    wanted.put("admin.read-token-file", "-");
    wanted.put("admin.operate-token-file", "-");
    wanted.put("admin.tls.certificate", "-");
    wanted.put("admin.tls.key", "-");
    wanted.put("admin.tls.client-ca", "-");
    wanted.put("admin.insecure", "false");
    wanted.put("admin.metrics", "open");
    wanted.put("off", "false");
    wanted.put("reload.watch", "false");
    wanted.put("mode", "observe");
    wanted.put("client-modes", "true");
    wanted.put("fail", "open");
    wanted.put("client.idle-timeout", "300s");
    wanted.put("connection.idle-timeout", "600s");
    wanted.put("client.connections", "16384");
    wanted.put("client.head-timeout", "60s");
    wanted.put("client.body-timeout", "300s");
    wanted.put("origin.url", "-");
    wanted.put("origin.grpc-url", "-");
    wanted.put("origin.connect-timeout", "5s");
    wanted.put("origin.response-timeout", "300s");
    wanted.put("origin.idle-timeout", "120s");
    wanted.put("origin.max-connections", "512");
    wanted.put("origin.max-waiting", "1024");
    wanted.put("origin.tls.ca", "-");
    wanted.put("origin.tls.certificate", "-");
    wanted.put("origin.tls.key", "-");
    wanted.put("origin.tls.server-name", "-");
    wanted.put("origin.health-path", "-");
    wanted.put("origin.health-interval", "5s");
    wanted.put("model", "-");
    wanted.put("organism", "false");
    wanted.put("direction", "-");
    wanted.put("direction.trusted-keys", "-");
    wanted.put("ablate.kind", "affine");
    wanted.put("ablate.strength", "1");
    wanted.put("ablate.coefficient", "-");
    wanted.put("ablate.floor", "-");
    wanted.put("ablate.ceiling", "-");
    wanted.put("ablate.layers", "-");
    wanted.put("ablate.from-token", "0");
    wanted.put("ablate.keep-norm", "false");
    wanted.put("ablate.with", "-");
    wanted.put("ablate.profile", "-");
    wanted.put("ablate.aligned-texts", "-");
    wanted.put("states.tap", "off");
    wanted.put("states.tensor", "hidden_states");
    wanted.put("states.directory", "-");
    wanted.put("states.served-directory", "-");
    wanted.put("states.layers", "-");
    wanted.put("states.reference", "false");
    wanted.put("states.patience", "2s");
    wanted.put("states.orphan-age", "1h");
    wanted.put("states.shared-memory", "false");
    wanted.put("states.bytes", "268435456");
    wanted.put("device", "auto");
    wanted.put("oip.host", "127.0.0.1");
    wanted.put("oip.port", "-");
    wanted.put("oip.shared-memory", "false");
    wanted.put("oip.queue", "64");
    wanted.put("oip.sequences", "1024");
    wanted.put("oip.sequence-idle", "60s");
    wanted.put("dtype", "auto");
    wanted.put("threads", "0");
    wanted.put("generation.queue", "64");
    wanted.put("reader.cache-mib", "1024");
    wanted.put("ablated.via", "off");
    wanted.put("ablated.model", "plumbline-ablated");
    wanted.put("ablated.lora-id", "-");
    wanted.put("ablated.origin", "-");
    wanted.put("ablated.server", "-");
    wanted.put("ablated.adapter", "-");
    wanted.put("ablated.served-adapter", "-");
    wanted.put("ablated.check-interval", "10s");
    wanted.put("ablated.verify-by", "auto");
    wanted.put("ablated.verify-prompts", "-");
    wanted.put("ablated.verify-fall", "0.7");
    wanted.put("ablated.verify-floor", "1");
    wanted.put("ablated.verify-tokens", "48");
    wanted.put("ablated.verify-interval", "10m");
    wanted.put("ablated.verify-deadline", "60s");
    wanted.put("limits.request-bytes", "8388608");
    wanted.put("limits.observed-bytes", "4194304");
    wanted.put("scoring.queue", "256");
    wanted.put("scoring.sample", "1");
    wanted.put("scoring.batch-tokens", "8192");
    wanted.put("scoring.batch-delay", "0ms");
    wanted.put("scoring.deadline", "30s");
    wanted.put("annotate.deadline", "2s");
    wanted.put("trigger.mode", "-");
    wanted.put("trigger.arm", "0.05");
    wanted.put("trigger.activate", "0.1");
    wanted.put("trigger.release", "0.03");
    wanted.put("trigger.window", "15m");
    wanted.put("trigger.min-count", "40");
    wanted.put("trigger.dwell", "10m");
    wanted.put("trigger.cooldown", "5m");
    wanted.put("trigger.conversations", "10000");
    wanted.put("trigger.score-arm", "0.5");
    wanted.put("trigger.score-activate", "0.9");
    wanted.put("trigger.score-release", "0.3");
    wanted.put("fleet.enabled", "false");
    wanted.put("fleet.name", "plumbline");
    wanted.put("fleet.host", "127.0.0.1");
    wanted.put("fleet.port", "5701");
    wanted.put("fleet.advertise", "-");
    wanted.put("fleet.members", "-");
    wanted.put("fleet.service-dns", "-");
    wanted.put("fleet.expected-members", "1");
    wanted.put("fleet.grace", "60s");
    wanted.put("fleet.trusted-keys", "-");
    wanted.put("fleet.state", "-");
    wanted.put("fleet.command-age", "2160h");
    wanted.put("fleet.trigger-quorum", "1");
    wanted.put("fleet.trigger-hold", "60s");
    wanted.put("refusal.text", "I can't help with that.");
    wanted.put("withhold.window", "whole");
    wanted.put("withhold.deadline", "10s");
    wanted.put("rescue.window", "16");
    wanted.put("rescue.threshold", "0.5");
    wanted.put("rescue.retries", "1");
    wanted.put("rescue.deadline", "30s");
    wanted.put("rescue.token-ids", "auto");
    wanted.put("exchanges.kept", "1000");
    wanted.put("events.subscribers", "16");
    wanted.put("tokens.kept", "0");
    wanted.put("tokens.each", "512");
    wanted.put("tokens.text", "false");
    wanted.put("tokens.layers", "false");
    wanted.put("record.file", "-");
    wanted.put("record.text", "false");
    wanted.put("record.redact", "key,email,card,phone");
    wanted.put("otel.endpoint", "-");
    wanted.put("otel.service-name", "plumbline");
    wanted.put("otel.sample", "1");
    wanted.put("metrics.models", "-");
    wanted.put("metrics.ask-origins", "true");
    wanted.put("shutdown.deadline", "30s");
    assertThat(found).containsExactlyEntriesOf(wanted);
  }

  @Test
  void load_tokensThatNobodyWouldKeepOrRead_areMistakes() {
    for (Map<String, String> flags :
        List.of(
            Map.of("organism", "true", "tokens.text", "true"),
            Map.of("organism", "true", "tokens.layers", "true"),
            Map.of("origin.url", "http://127.0.0.1:1", "tokens.kept", "5"))) {
      assertThatThrownBy(() -> ConfigLoader.load(Optional.empty(), Map.of(), flags))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("tokens.kept");
    }
  }

  @Test
  void load_directionsBeside_needOneThatJudgesAndNamesFitForLabels() throws IOException {
    String here = Path.of(".").toAbsolutePath().toString();
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigLoader.load(
                    Optional.empty(),
                    Map.of(),
                    Map.of(
                        "model",
                        here,
                        "directions.a b",
                        here,
                        "scoring.batch-tokens",
                        "10",
                        "device",
                        "gpu:x")));
    assertThat(thrown.getMessage())
        .contains("directions beside none")
        .contains("directions.a b")
        .contains("at least 256")
        .contains("one of auto, cpu, gpu, gpu:N");
    AgentConfig good =
        ConfigLoader.load(
            Optional.empty(),
            Map.of(),
            Map.of("organism", "true", "directions.b", here, "scoring.batch-delay", "5ms"));
    assertThat(good.engine().directions()).containsOnlyKeys("b");
    assertThat(good.engine().batches().delay()).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void load_fileThenEnvironmentThenFlags_laterWins() throws IOException {
    Path file =
        file(
            "port: 1\nadmin:\n  port: 2\norigin.url: http://a\nmodels:\n  org/m-1.5: {mode: annotate}\n");
    Map<String, String> environment =
        Map.of(
            "PLUMBLINE_ADMIN_PORT", "3", "PLUMBLINE_ORIGIN_CONNECT_TIMEOUT", "250ms", "PATH", "x");
    AgentConfig config =
        ConfigLoader.load(Optional.of(file), environment, Map.of("origin.url", "http://b:9/x"));
    assertThat(config.inference().port()).isEqualTo(1);
    assertThat(config.admin().port()).isEqualTo(3);
    assertThat(config.origin().orElseThrow().url()).hasToString("http://b:9/x");
    assertThat(config.origin().orElseThrow().connectTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.modes().of("org/m-1.5")).isEqualTo(Mode.ANNOTATE);
    assertThat(config.modes().of("else")).isEqualTo(Mode.OBSERVE);
  }

  @Test
  void load_manyMistakes_areAllReportedWithKeyValueAndWanted() throws IOException {
    Path file =
        file("port: 70000\nmod: observe\nmode: strict\nscoring: {queue: 0}\nthreads: [1]\n");
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigLoader.load(
                    Optional.of(file),
                    Map.of("PLUMBLINE_PROT", "1", "PLUMBLINE_THREADS", "-1"),
                    Map.of("origin.url", "ftp://x", "scoring.deadline", "0s")));
    assertThat(thrown.mistakes())
        .extracting(Mistake::key)
        .contains(
            "port",
            "mod",
            "mode",
            "scoring.queue",
            "threads",
            "PLUMBLINE_PROT",
            "origin.url",
            "scoring.deadline",
            "model");
    assertThat(thrown)
        .hasMessageContaining("port (" + file + "): wanted a port")
        .hasMessageContaining("found '70000'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", "p@hunter2", "p/hunter2", "hunter2@/x@y"})
  void load_passwordInUrl_isRefusedAndNeverPrinted(String password) {
    assertThatThrownBy(() -> load(Map.of("origin.url", "http://me:" + password + "@host/")))
        .isInstanceOf(ConfigException.class)
        .hasMessageNotContaining("hunter2")
        .hasMessageContaining("//***@host");
  }

  @Test
  void load_serviceLinksOfKubernetes_areNoSettings() {
    Map<String, String> links =
        Map.of(
            "PLUMBLINE_PORT", "tcp://10.0.0.1:8080",
            "PLUMBLINE_SERVICE_HOST", "10.0.0.1",
            "PLUMBLINE_SERVICE_PORT", "8080",
            "PLUMBLINE_PORT_8080_TCP_ADDR", "10.0.0.1",
            "PLUMBLINE_ADMIN_SERVICE_PORT_HTTP", "1",
            "PLUMBLINE_ADMIN_PORT", "tcp://10.0.0.2:8081");
    AgentConfig config = ConfigLoader.load(Optional.empty(), links, Map.of("organism", "true"));
    assertThat(config.inference().port()).isEqualTo(8080);
    assertThat(config.admin().port()).isEqualTo(8081);
  }

  @Test
  void load_contradictions_areMistakes() {
    String here = dir.toString();
    assertMistake(Map.of(), "nothing to serve");
    assertMistake(Map.of("organism", "true", "model", here), "model and organism");
    assertMistake(Map.of("origin.url", "http://a", "model", here), "a reader without direction");
    assertMistake(Map.of("origin.url", "http://a", "direction", here), "direction without model");
    assertMistake(Map.of("organism", "true", "adapters.x", here), "adapters without a base");
    assertMistake(Map.of("origin.url", "http://a", "mode", "ablate"), "'ablate' with origin.url");
    assertMistake(
        Map.of("origin.url", "http://a", "models.m.mode", "ablate"), "'ablate' with origin.url");
    assertMistake(
        Map.of("origin.url", "http://a", "origin.response-timeout", "600s"),
        "no more than origin.response-timeout");
    assertMistake(Map.of("organism", "true", "tls.key", here), "both or none");
    assertMistake(Map.of("organism", "true", "models.m.fail", "closed"), "'closed' without");
    assertMistake(Map.of("model", here + "/none"), "a path that exists");
    assertMistake(Map.of("organism", "true", "states.tap", "sglang"), "states of no origin");
    assertMistake(Map.of("origin.url", "http://a", "states.tap", "auto"), "states without");
    assertMistake(
        Map.of("origin.url", "http://a", "states.tap", "sglang"), "states without direction");
    assertMistake(
        Map.of("origin.url", "http://a", "states.tap", "vllm-files", "direction", here),
        "without a directory");
    assertMistake(Map.of("origin.url", "http://a", "states.directory", here), "without vllm-files");
    assertMistake(Map.of("organism", "true", "states.layers", "3,x"), "layer numbers");
    assertMistake(Map.of("oip.port", "0"), "oip.port without direction");
    assertMistake(
        Map.of("organism", "true", "oip.shared-memory", "true"), "shared memory without oip.port");
  }

  @Test
  void load_ablatedVariants_needAServerThatFitsAndSomethingToMeasureWith() {
    String url = "http://a";
    assertMistake(Map.of("organism", "true", "ablated.via", "model"), "a variant of no origin");
    assertMistake(Map.of("origin.url", url, "ablated.via", "model"), "nothing to measure it with");
    Map<String, String> reader = Map.of("origin.url", url, "organism", "true");
    assertMistake(with(reader, "ablated.server", "vllm"), "no way to ask for it");
    assertMistake(
        with(reader, "ablated.via", "model", "ablated.served-adapter", "/x"), "for no server");
    assertMistake(
        with(reader, "ablated.via", "model", "ablated.server", "llama.cpp"), "'model' with");
    assertMistake(with(reader, "ablated.via", "lora"), "both or neither");
    assertMistake(
        with(reader, "ablated.via", "model", "ablated.lora-id", "0"), "without ablated.via: lora");
    assertMistake(with(reader, "ablated.via", "model", "ablated.server", "lorax"), "lorax without");
    assertMistake(with(reader, "ablated.via", "origin"), "both or none");
    assertMistake(with(reader, "ablated.via", "origin", "ablated.origin", "b"), "the origin 'b'");
    assertMistake(
        with(reader, "ablated.via", "model", "ablated.verify-by", "states"), "states of no tap");
    assertMistake(with(reader, "ablated.verify-floor", "-1"), "a number of at least 0");
    AgentConfig config =
        load(
            with(
                reader,
                "mode",
                "ablate",
                "ablated.via",
                "lora",
                "ablated.server",
                "llama.cpp",
                "ablated.served-adapter",
                "/a.gguf"));
    assertThat(config.ablated().path()).isEqualTo("/a.gguf");
    assertThat(config.ablated().rewrites()).isTrue();
  }

  @Test
  void load_tokenIds_areAskedOfServersThatAreKnownToTakeIt() {
    Map<String, String> reader =
        Map.of("origin.url", "http://a", "organism", "true", "ablated.via", "model");
    assertThat(load(reader).screening().tokenIds()).isEqualTo(TokenIds.KNOWN);
    assertThat(load(with(reader, "rescue.token-ids", "on")).screening().tokenIds())
        .isEqualTo(TokenIds.ALL);
    Map<String, String> vllm = with(reader, "ablated.server", "vllm");
    assertThat(load(vllm).screening().tokenIds()).isEqualTo(TokenIds.ALL);
    assertThat(load(with(vllm, "rescue.token-ids", "off")).screening().tokenIds())
        .isEqualTo(TokenIds.NONE);
    assertMistake(with(reader, "rescue.token-ids", "yes"), "auto, on or off");
  }

  private static Map<String, String> with(Map<String, String> flags, String... more) {
    Map<String, String> all = new LinkedHashMap<>(flags);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void load_severalOrigins_areNamedWithTheirModels() {
    Origins origins =
        load(Map.of(
                "origin.url", "http://a",
                "origins.big.url", "http://b",
                "origins.big.models", "org/m-1.5, org/m-*",
                "origin.idle-timeout", "7s"))
            .origins();
    assertThat(origins.all()).extracting(Origins.Named::name).containsExactly("default", "big");
    assertThat(origins.defaults()).extracting(Origins.Named::name).containsExactly("default");
    Origins.Named big = origins.all().get(1);
    assertThat(big.settings().idleTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(big.claims("org/m-1.5")).isGreaterThan(big.claims("org/m-2")).isPositive();
    assertThat(big.claims("org/x")).isNegative();
    assertThat(load(Map.of("origins.only.url", "http://c")).origin().orElseThrow().url())
        .hasToString("http://c");
  }

  @Test
  void load_contradictingOrigins_areMistakes() {
    assertMistake(Map.of("origins.a.url", "http://a", "origin.url", "http://b"), "default");
    assertMistake(Map.of("origins.a.url", "http://a", "origins.b.url", "http://b"), "[a, b]");
    assertMistake(
        Map.of("origins.a.url", "http://a", "origins.a.models", "m"),
        "no default: what names no model");
    assertMistake(Map.of("origin.url", "http://b", "origins.a.models", "m"), "models of no origin");
    assertMistake(
        Map.of("origin.url", "http://b", "origins.a.url", "http://a", "origins.a.models", "m,m"),
        "a model claimed twice");
    assertMistake(
        Map.of(
            "origins.a.url", "http://a",
            "origins.a.models", "*",
            "origins.b.url", "http://a",
            "origins.b.models", "*"),
        "that a claims for the same server");
    assertMistake(
        Map.of("origin.url", "http://b", "origins.a b.url", "http://a", "origins.a b.models", "m"),
        "the name 'a b'");
    assertMistake(
        Map.of("origin.url", "http://b", "origins.a.url", "http://a", "origins.a.models", "m*x"),
        "a star at the end only");
    assertMistake(Map.of("origin.url", "http://b", "origin.health-path", "health"), "/health");
  }

  @Test
  void load_tlsOfOneOrigin_isItsOwnPartByPart() {
    String here = dir.toString();
    Map<String, String> two =
        Map.of(
            "origin.url", "https://a",
            "origins.b.url", "https://b",
            "origins.b.models", "m",
            "origin.tls.ca", here,
            "origin.tls.server-name", "x.org",
            "origins.b.tls.server-name", "y.org");
    Origins origins = load(two).origins();
    assertThat(origins.all())
        .extracting(each -> each.settings().tls().serverName().orElseThrow())
        .containsExactly("x.org", "y.org");
    assertThat(origins.all().get(1).settings().tls().ca()).contains(dir.toAbsolutePath());
    assertMistake(with(two, "origins.c.tls.ca", here), "TLS with no origin");
    assertMistake(with(two, "origins.b.tls.key", here), "both or none");
    assertMistake(with(two, "origins.b.url", "http://b"), "an origin in plain text");
    assertMistake(with(two, "origins.b.url", "https://a"), "the server of default, known by other");
    assertMistake(with(two, "origins.b.tls.server-name", "10.0.0.1"), "a DNS name");
    load(with(two, "origins.b.url", "http://b", "origins.b.grpc-url", "https://b"));
  }

  @Test
  void load_brokenOrDoubledFile_isAMistake() throws IOException {
    assertFileMistake("port: 1\nport: 2\n");
    assertFileMistake("admin.port: 1\nadmin:\n  port: 2\n");
    assertFileMistake("- a\n- b\n");
    assertFileMistake("port: [\n");
  }

  private void assertFileMistake(String text) throws IOException {
    Path file = file(text + (text.startsWith("-") ? "" : "organism: true\n"));
    assertThatThrownBy(() -> ConfigLoader.load(Optional.of(file), Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class);
  }

  private static void assertMistake(Map<String, String> flags, String words) {
    assertThatThrownBy(() -> load(flags))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(words);
  }

  private static AgentConfig load(Map<String, String> flags) {
    return ConfigLoader.load(Optional.empty(), Map.of(), flags);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(dir, "config", ".yaml"), text);
  }
}
