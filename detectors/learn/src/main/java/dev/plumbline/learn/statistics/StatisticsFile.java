package dev.plumbline.learn.statistics;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.core.stats.Moments;
import dev.plumbline.learn.direction.Weighting;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Statistics as bytes: {@code PLMOMENT}, version 1, the shard ids, then each cell (class, tap
 * point, weighting, D, whether covariances) with its count, mean {@code [D]} and sums of squares
 * ({@code [D]}, or the lower triangle {@code [D(D+1)/2]}), all big-endian as {@link
 * DataOutputStream} writes them, and last SHA-256 of all before it. Sizes are checked against the
 * bytes that are left before anything is allocated.
 */
public final class StatisticsFile {
  private static final byte[] MAGIC = "PLMOMENT".getBytes(StandardCharsets.UTF_8);
  private static final int VERSION = 1;
  private static final int DIGEST = 32;
  private static final int WIDEST = 1 << 16;
  private static final int MOST = 1 << 20;

  private final Path name;
  private long left;

  private StatisticsFile(Path name, long left) {
    this.name = name;
    this.left = left - DIGEST;
  }

  /** The form that is sent. */
  public static byte[] bytes(ShardStatistics statistics) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(statistics, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads {@link #bytes}, checking all of it. */
  public static ShardStatistics of(byte[] bytes) {
    return read(Path.of("statistics"), new ByteArrayInputStream(bytes), bytes.length);
  }

  /** Writes a file; not atomic: let a job folder put it in its place. */
  public static void write(ShardStatistics statistics, Path file) {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      write(statistics, out);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /**
   * Reads a file, checking all of it.
   *
   * @throws BadFileException if it is not one, or was changed
   */
  public static ShardStatistics read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(file, in, Files.size(file));
    } catch (IOException e) {
      throw new BadFileException(
          file, "the file", "readable statistics", e.toString(), "Collect them again.", e);
    }
  }

  private static void write(ShardStatistics statistics, OutputStream to) throws IOException {
    DigestOutputStream digested = new DigestOutputStream(to, sha256());
    DataOutputStream out = new DataOutputStream(digested);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(statistics.shards().size());
    for (String shard : statistics.shards()) {
      out.writeUTF(shard);
    }
    out.writeInt(statistics.cells().size());
    for (Map.Entry<Cell, Moments> entry : statistics.cells().entrySet()) {
      out.writeUTF(entry.getKey().group());
      out.writeUTF(entry.getKey().point().toString());
      out.writeUTF(entry.getKey().weighting().wireName());
      out.writeInt(entry.getValue().size());
      out.writeBoolean(entry.getValue() instanceof CovarianceAccumulator);
      entry.getValue().write(out);
    }
    out.flush();
    to.write(digested.getMessageDigest().digest());
  }

  private static ShardStatistics read(Path name, InputStream from, long size) {
    try {
      return new StatisticsFile(name, size).read(from);
    } catch (EOFException e) {
      throw new BadFileException(
          name, "the end", "statistics to their digest", "a shorter file", "Send it again.", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new BadFileException(
          name, "the contents", "sound statistics", e.toString(), "Collect them again.", e);
    }
  }

  private ShardStatistics read(InputStream from) throws IOException {
    DigestInputStream digested = new DigestInputStream(from, sha256());
    DataInputStream in = new DataInputStream(digested);
    requireHead(in);
    TreeSet<String> shards = new TreeSet<>();
    for (int i = count(in, "shards"); i > 0; i--) {
      shards.add(in.readUTF());
    }
    TreeMap<Cell, Moments> cells = new TreeMap<>();
    for (int i = count(in, "cells"); i > 0; i--) {
      Cell cell = new Cell(in.readUTF(), TapPoint.parse(in.readUTF()), weighting(in.readUTF()));
      cells.put(cell, moments(in));
    }
    byte[] found = digested.getMessageDigest().digest();
    byte[] wanted = from.readNBytes(DIGEST);
    require(Arrays.equals(found, wanted), "the digest", "that of the contents", "another");
    require(from.read() < 0, "the end", "nothing after the digest", "more");
    return ShardStatistics.of(shards, cells);
  }

  private void requireHead(DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    require(Arrays.equals(magic, MAGIC), "offset 0", "PLMOMENT", "something else");
    int version = in.readInt();
    require(version == VERSION, "the version", String.valueOf(VERSION), String.valueOf(version));
  }

  private int count(DataInputStream in, String what) throws IOException {
    int count = in.readInt();
    require(count >= 0 && count <= MOST, what, "0 to " + MOST, String.valueOf(count));
    return count;
  }

  private Moments moments(DataInputStream in) throws IOException {
    int size = in.readInt();
    boolean covariances = in.readBoolean();
    require(size > 0 && size <= WIDEST, "D", "1 to " + WIDEST, String.valueOf(size));
    long squares = covariances ? (long) size * (size + 1) / 2 : size;
    left -= Double.BYTES * (1 + size + squares);
    require(left >= 0, "D", "no more values than the file has", String.valueOf(size));
    return Moments.read(in, size, covariances);
  }

  private static Weighting weighting(String name) {
    return Weighting.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private void require(boolean holds, String where, String wanted, String found) {
    if (!holds) {
      throw new BadFileException(name, where, wanted, found, "Collect the statistics again.");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
