package dev.plumbline.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AblationTest {
  private static final String HERE = Path.of(".").toAbsolutePath().toString();

  @Test
  void load_unset_isAffineOfAllAtEveryWriter() {
    Ablation ablation = load(Map.of());
    assertThat(ablation.kind()).isEqualTo(Ablation.Kind.AFFINE);
    assertThat(ablation.strength()).isEqualTo(1);
    assertThat(ablation.layers()).isEmpty();
    assertThat(ablation.keepsNorm()).isFalse();
  }

  @Test
  void load_everyKind_isParsed() {
    Ablation cap =
        load(
            Map.of(
                "ablate.kind",
                "cap",
                "ablate.floor",
                "-1.5",
                "ablate.ceiling",
                "p75",
                "ablate.layers",
                "2,3",
                "ablate.keep-norm",
                "true",
                "ablate.from-token",
                "1"));
    assertThat(cap.floor()).contains(new Ablation.Limit(false, -1.5));
    assertThat(cap.ceiling()).contains(new Ablation.Limit(true, 75));
    assertThat(cap.layers()).containsExactly(2, 3);
    assertThat(cap.fromToken()).isEqualTo(1);
    Ablation steer =
        load(Map.of("ablate.kind", "steer", "ablate.coefficient", "-2", "ablate.layers", "2"));
    assertThat(steer.coefficient()).contains(-2.0);
    assertThat(load(Map.of("ablate.profile", "1.2, 14, 0.2, 6")).profile())
        .containsExactly(1.2, 14.0, 0.2, 6.0);
    assertThat(load(Map.of("ablate.with", "b", "directions.b", HERE)).with()).containsExactly("b");
  }

  @Test
  void load_named_haveTheUsualValuesAndTheirOwn() {
    Map<String, Ablation> named =
        load(Map.of(
                "ablate.strength",
                "0.5",
                "ablations.strong",
                "affine  strength=1.5 layers=2,3 from-token=4 keep-norm=true",
                "ablations.push",
                "steer coefficient=-2 layers=1"))
            .named();
    assertThat(named).containsOnlyKeys("strong", "push");
    assertThat(named.get("strong").strength()).isEqualTo(1.5);
    assertThat(named.get("strong").layers()).containsExactly(2, 3);
    assertThat(named.get("strong").fromToken()).isEqualTo(4);
    assertThat(named.get("strong").keepsNorm()).isTrue();
    assertThat(named.get("push").strength()).isEqualTo(1);
    refused("ablations.a", Map.of("ablations.a", "affine coefficient=1"));
    refused("ablations.a", Map.of("ablations.a", "steer coefficient=1"));
    refused("ablations.a", Map.of("ablations.a", "affine with=nobody"));
    refused("ablations.a b", Map.of("ablations.a b", "affine"));
    refused("ablations.a", Map.of("ablations.a", "affine strength=1 strength=2"));
    refused("ablations.a", Map.of("ablations.a", "affine vigour=1"));
    refused("ablations.a", Map.of("ablations.a", "affine strength"));
  }

  @Test
  void covers_isOfOneKindAndNoLessOfIt() {
    Map<String, String> lines =
        Map.of(
            "ablations.more", "affine strength=1.5",
            "ablations.less", "affine strength=0.5",
            "ablations.few", "affine layers=2,3",
            "ablations.late", "affine from-token=3",
            "ablations.plain", "plain",
            "ablations.same", "affine",
            "ablations.normed", "affine keep-norm=true");
    Ablation usual = load(lines);
    assertThat(usual.named().entrySet().stream().filter(e -> e.getValue().covers(usual)))
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("more", "same");
    Ablation few = usual.named().get("few");
    assertThat(usual.covers(few)).isTrue();
    assertThat(few.covers(few)).isTrue();
  }

  @Test
  void load_whatWouldHaveNoEffect_isRefused() {
    refused("ablate.ceiling", Map.of("ablate.kind", "cap"));
    refused("ablate.ceiling", Map.of("ablate.ceiling", "p75"));
    refused("ablate.coefficient", Map.of("ablate.coefficient", "1"));
    refused("ablate.coefficient", Map.of("ablate.kind", "set"));
    refused("ablate.layers", Map.of("ablate.kind", "steer", "ablate.coefficient", "1"));
    refused(
        "ablate.strength",
        Map.of("ablate.kind", "cap", "ablate.floor", "1", "ablate.strength", "0.5"));
    refused("ablate.profile", Map.of("ablate.profile", "1,1,0,1", "ablate.strength", "0.5"));
    refused("ablate.with", Map.of("ablate.with", "b"));
    refused(
        "ablate.aligned-texts",
        Map.of("ablate.kind", "cap", "ablate.floor", "1", "ablate.aligned-texts", HERE));
    refused("ablate.kind", Map.of("origin.url", "http://a", "ablate.kind", "plain"));
    refused("ablate.keep-norm", Map.of("origin.url", "http://a", "ablate.keep-norm", "true"));
  }

  @Test
  void load_badValues_areRefusedWithWhatIsWanted() {
    for (Map.Entry<String, String> bad :
        List.of(
            Map.entry("ablate.kind", "remove"),
            Map.entry("ablate.strength", "2.1"),
            Map.entry("ablate.strength", "NaN"),
            Map.entry("ablate.coefficient", "0"),
            Map.entry("ablate.floor", "p100"),
            Map.entry("ablate.ceiling", "Infinity"),
            Map.entry("ablate.from-token", "-1"),
            Map.entry("ablate.with", "a,a"),
            Map.entry("ablate.profile", "1,2,3"),
            Map.entry("ablate.profile", "1,2,3,4"))) {
      refused(bad.getKey(), Map.ofEntries(bad));
    }
  }

  private static void refused(String key, Map<String, String> settings) {
    ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> load(settings));
    assertThat(thrown).as(settings.toString()).isNotNull();
    assertThat(thrown.mistakes()).extracting(Mistake::key).contains(key);
  }

  private static Ablation load(Map<String, String> settings) {
    Map<String, String> flags = new HashMap<>(Map.of("organism", "true"));
    flags.putAll(settings);
    return ConfigLoader.load(Optional.empty(), Map.of(), flags).engine().ablation();
  }
}
