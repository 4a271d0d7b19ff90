package dev.plumbline.agent.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Unpacks a zip file that came from outside: nothing is written beside the folder, no more than a
 * number of files and bytes, and nothing twice. Sizes that the file itself states are not believed.
 * Links come out as small files, which no reader of ours takes for anything.
 *
 * @param mostBytes of all files together
 */
record ZipFolder(long mostBytes) {
  private static final int MOST_ENTRIES = 1000;
  private static final int CHUNK = 1 << 16;

  /**
   * @param into an empty folder of the caller's; of no use after a failure
   * @throws FetchException for what is no zip file or a bad one
   */
  void unpack(Path zip, Path into) throws IOException {
    long left = mostBytes;
    int entries = 0;
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        require(++entries <= MOST_ENTRIES, "at most " + MOST_ENTRIES + " entries", "more");
        Path place = confined(into, entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(place);
        } else {
          left -= write(file, entry, place, left);
        }
      }
    } catch (ZipException e) {
      throw refusal("a zip file", e.getMessage());
    }
  }

  private static Path confined(Path folder, String name) {
    boolean plain = !name.startsWith("/") && name.indexOf('\\') < 0 && name.indexOf('\0') < 0;
    Path place = plain ? folder.resolve(name).normalize() : folder;
    require(
        plain && place.startsWith(folder) && !place.equals(folder),
        "names within the folder",
        "'" + name + "'");
    return place;
  }

  private long write(ZipFile file, ZipEntry entry, Path place, long left) throws IOException {
    Files.createDirectories(place.getParent());
    require(!Files.exists(place), "each name once", "'" + entry.getName() + "' twice");
    long written = 0;
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = file.getInputStream(entry);
        OutputStream out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        written += n;
        require(written <= left, "at most " + mostBytes + " bytes unpacked", "more");
        out.write(chunk, 0, n);
      }
    }
    return written;
  }

  private static void require(boolean holds, String wanted, String found) {
    if (!holds) {
      throw refusal(wanted, found);
    }
  }

  private static FetchException refusal(String wanted, String found) {
    return new FetchException("the archive", wanted, found, "make it anew: zip -r NAME.zip FOLDER");
  }
}
