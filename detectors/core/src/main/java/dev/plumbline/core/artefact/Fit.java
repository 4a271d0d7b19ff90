package dev.plumbline.core.artefact;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether an artefact may be used with a model. Found by {@link Artefact#fit}. */
public sealed interface Fit {

  /** Whether answers may be scored. */
  boolean mayScore();

  /** Whether verdicts may change what a client gets. */
  boolean mayEnforce();

  /** One line for a person. */
  String explain();

  /** The model is another one: not loaded. */
  record Refused(List<Mismatch> mismatches) implements Fit {
    public Refused {
      mismatches = List.copyOf(mismatches);
    }

    @Override
    public boolean mayScore() {
      return false;
    }

    @Override
    public boolean mayEnforce() {
      return false;
    }

    @Override
    public String explain() {
      return mismatches.stream().map(Mismatch::toString).collect(Collectors.joining("; "))
          + "; learn a direction for this model";
    }
  }

  /** The very weights it was learned on. */
  record Exact() implements Fit {
    @Override
    public boolean mayScore() {
      return true;
    }

    @Override
    public boolean mayEnforce() {
      return true;
    }

    @Override
    public String explain() {
      return "exact: the weights it was learned on";
    }
  }

  /** Other weights of the same shape, on which calibration was run. */
  record Validated() implements Fit {
    @Override
    public boolean mayScore() {
      return true;
    }

    @Override
    public boolean mayEnforce() {
      return true;
    }

    @Override
    public String explain() {
      return "validated: calibrated on these weights";
    }
  }

  /** Other weights of the same shape: scored and counted, may not enforce. */
  record Unverified() implements Fit {
    @Override
    public boolean mayScore() {
      return true;
    }

    @Override
    public boolean mayEnforce() {
      return false;
    }

    @Override
    public String explain() {
      return "unverified: scored, not enforced; run 'plumbline direction calibrate' on this model";
    }
  }

  /** Compares all that must be equal; ids, revisions and fingerprints do not refuse. */
  static List<Mismatch> mismatches(ModelPin wanted, ModelPin found) {
    List<Mismatch> list = new ArrayList<>();
    compare(list, "architecture", wanted.architecture(), found.architecture());
    compare(list, "layers", wanted.layers(), found.layers());
    compare(list, "hidden", wanted.hidden(), found.hidden());
    compare(list, "vocabulary", wanted.vocabulary(), found.vocabulary());
    compare(list, "tokenizer", wanted.tokenizerHash(), found.tokenizerHash());
    compare(list, "template", wanted.templateHash(), found.templateHash());
    return List.copyOf(list);
  }

  private static void compare(List<Mismatch> list, String what, Object wanted, Object found) {
    if (!wanted.equals(found)) {
      list.add(new Mismatch(what, wanted.toString(), found.toString()));
    }
  }
}
