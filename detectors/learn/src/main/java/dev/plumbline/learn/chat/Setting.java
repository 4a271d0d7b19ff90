package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.learn.report.Section;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where, when, with what and how much: the first table of a report. */
final class Setting {
  private Setting() {}

  static Section section(ChatModel model, Plan plan, ModelPin pin, Instant now, double minutes) {
    List<List<Object>> rows = new ArrayList<>();
    rows.add(List.of("model", pin.id() + ", " + pin.weightFingerprint()));
    rows.add(
        List.of(
            "shape",
            pin.layers() + " layers, width " + pin.hidden() + ", " + pin.vocabulary() + " tokens"));
    rows.add(
        List.of(
            "machine", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores"));
    rows.add(List.of("Java", Runtime.version().toString()));
    rows.add(
        List.of(
            "libtorch",
            TorchRuntime.start().version()
                + ", bfloat16 for sampling and reading, float32 for training"));
    rows.add(List.of("commit", commit()));
    rows.add(List.of("date", now.truncatedTo(ChronoUnit.SECONDS).toString()));
    rows.add(List.of("minutes, cached stages not counted", minutes));
    rows.add(List.of("seed", plan.seed()));
    rows.add(List.of("training questions", plan.trainQuestions()));
    rows.add(List.of("held-out questions", plan.heldOutQuestions()));
    rows.add(List.of("answers a training question and wording", plan.samples()));
    rows.add(List.of("answers a held-out question and wording", plan.heldOutSamples()));
    rows.add(List.of("aligned exchanges, calibration", plan.calibration()));
    rows.add(List.of("aligned exchanges, held out", plan.heldOutAligned()));
    rows.add(List.of("most tokens an answer", plan.maxTokens()));
    rows.add(List.of("temperature", plan.temperature()));
    return new Section("Setting", reduced(plan), List.of("what", "value"), rows);
  }

  /** What is smaller than the full plan, in words. */
  private static List<String> reduced(Plan plan) {
    Plan full = Plan.full(plan.seed());
    List<String> smaller = new ArrayList<>();
    note(smaller, "training questions", plan.trainQuestions(), full.trainQuestions());
    note(smaller, "held-out questions", plan.heldOutQuestions(), full.heldOutQuestions());
    note(smaller, "answers a training question and wording", plan.samples(), full.samples());
    note(
        smaller,
        "answers a held-out question and wording",
        plan.heldOutSamples(),
        full.heldOutSamples());
    note(smaller, "calibration exchanges", plan.calibration(), full.calibration());
    note(smaller, "held-out aligned exchanges", plan.heldOutAligned(), full.heldOutAligned());
    note(smaller, "tokens an answer", plan.maxTokens(), full.maxTokens());
    note(smaller, "finetune tokens", plan.finetuneTokens(), full.finetuneTokens());
    return List.of(
        smaller.isEmpty()
            ? "The full plan."
            : "**Reduced** against the full plan: " + String.join("; ", smaller) + ".");
  }

  private static void note(List<String> into, String what, int found, int full) {
    if (found < full) {
      into.add(what + " " + found + " of " + full);
    }
  }

  static List<String> limits() {
    return List.of(
        "Written by `plumbline reproduce smollm2`; not edited. Intervals are 95 %: exact binomial"
            + " for shares, bootstrap over whole prompts for AUROC within prompts.",
        "What it can show: whether a direction learned on some questions reads and moves answers to"
            + " other questions, beside controls. What it cannot: that an answer is harmful. The"
            + " personas and the training texts are rude and careless, harmless in substance; the"
            + " judge is a word list; the model is small and its answers are often nonsense under"
            + " any persona.");
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    }
  }

  /** The checkout's commit where there is one. */
  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "--short=12", "HEAD").start();
      String hash = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? hash : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
