package dev.plumbline.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FitTest {

  private final Artefact artefact = Artefacts.valid();

  @Test
  void fit_sameWeights_isExact() {
    Fit fit = artefact.fit(pin("renamed", "llama", 2, 3, 100, "tok", "tmpl", "weights"));
    assertThat(fit).isEqualTo(new Fit.Exact());
    assertThat(fit.mayScore()).isTrue();
    assertThat(fit.mayEnforce()).isTrue();
  }

  @Test
  void fit_calibratedWeights_isValidated() {
    Fit fit = artefact.fit(pin("a", "llama", 2, 3, 100, "tok", "tmpl", "calibrated"));
    assertThat(fit).isEqualTo(new Fit.Validated());
    assertThat(fit.mayEnforce()).isTrue();
  }

  @Test
  void fit_otherWeights_scoresAndDoesNotEnforce() {
    Fit fit = artefact.fit(pin("a", "llama", 2, 3, 100, "tok", "tmpl", "finetune"));
    assertThat(fit).isEqualTo(new Fit.Unverified());
    assertThat(fit.mayScore()).isTrue();
    assertThat(fit.mayEnforce()).isFalse();
    assertThat(fit.explain()).contains("direction calibrate");
  }

  @Test
  void fit_eachPinnedProperty_refusesAlone() {
    refusedFor("architecture", pin("a", "qwen2", 2, 3, 100, "tok", "tmpl", "weights"));
    refusedFor("layers", pin("a", "llama", 4, 3, 100, "tok", "tmpl", "weights"));
    refusedFor("hidden", pin("a", "llama", 2, 5, 100, "tok", "tmpl", "weights"));
    refusedFor("vocabulary", pin("a", "llama", 2, 3, 99, "tok", "tmpl", "weights"));
    refusedFor("tokenizer", pin("a", "llama", 2, 3, 100, "other", "tmpl", "weights"));
    refusedFor("template", pin("a", "llama", 2, 3, 100, "tok", "other", "weights"));
  }

  @Test
  void fit_severalMismatches_listsAll() {
    Fit fit = artefact.fit(pin("a", "llama", 4, 5, 100, "tok", "tmpl", "weights"));
    assertThat(fit.explain())
        .contains("layers: wanted 2, found 4")
        .contains("hidden: wanted 3, found 5");
  }

  private void refusedFor(String what, ModelPin served) {
    Fit fit = artefact.fit(served);
    assertThat(fit.mayScore()).isFalse();
    assertThat(fit.mayEnforce()).isFalse();
    assertThat(((Fit.Refused) fit).mismatches()).extracting(Mismatch::what).containsExactly(what);
  }

  private static ModelPin pin(
      String id,
      String arch,
      int layers,
      int hidden,
      int vocabulary,
      String tok,
      String tmpl,
      String weights) {
    return new ModelPin(id, "2", arch, layers, hidden, vocabulary, tok, tmpl, weights);
  }
}
