import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.format.DateTimeFormat;
import org.joda.time.format.DateTimeFormatter;

/**
 * What patterns make of instants. The first line holds the patterns, the second those that Joda-Time refuses; each further line is an
 * instant and what each pattern makes of it.
 */
final class Formatting {
    private static final List<String> PATTERNS = List.of(
        // Each letter, in each of the numbers that mean something else.
        "G GG GGGG", "C CC CCC CCCCC", "Y YY YYY YYYY YYYYYY", "x xx xxx xxxx xxxxxx", "w ww www", "e ee eee",
        "E EE EEE EEEE EEEEE", "y yy yyy yyyy yyyyyy", "D DD DDD DDDD", "M MM MMM MMMM MMMMM", "d dd ddd", "a aa aaaa",
        "K KK KKK", "h hh hhh", "H HH HHH", "k kk kkk", "m mm mmm", "s ss sss",
        "S SS SSS SSSS SSSSSS SSSSSSSSS SSSSSSSSSSSSSSSSSSSS", "z zz zzz zzzz zzzzz", "Z ZZ ZZZ ZZZZ",
        // Quotes.
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "'year' yyyy", "h 'o''clock' a", "''yyyy''", "yyyy''''MM", "'it''s' '' d",
        "yyyy'unclosed MM", "d''M", "'a'''d",
        // Letters without anything between them.
        "YYYYMMdd", "yyMMddHHmmss", "yyyyDDD", "xxxx'W'ww", "YYMMDDHHMMSS", "EEEMMMdyyyy", "HHmmssSSS",
        // Patterns of real definitions and of the guide.
        "YYYY-MM-dd-HH-mm-ss", "YYYY-MM-dd hh:mm:ss", "YYYY-MM-dd HH:mm:ss z", "YYYY-MM-dd_hh.mm", "YYYY-MM-dd-hh:mm",
        "YYYY-MM", "yyyy-MM-dd", "YY-MM-DD HH:MM:SS", "yyyy/MM/dd/HH", "'dt='yyyy-MM-dd", "EEE, dd MMM yyyy HH:mm:ss Z",
        // Text that is no letter, also beyond the first plane.
        "d.M.yyyy é ü ß € 😀 {} #{} \\ \" $ %", "--", "1234567890 d");

    private static final List<String> REFUSED_CANDIDATES = List.of(
        "", "'", "''''", "T", "yyyy-MM-ddTHH:mm", "A", "b", "c", "f", "F", "g", "i", "I", "j", "J", "l", "L", "n", "N", "o", "O",
        "p", "P", "q", "Q", "r", "R", "t", "u", "U", "v", "V", "W", "X", "yyyy B");

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Json.array(PATTERNS));
        lines.add(Json.array(REFUSED_CANDIDATES.stream().filter(pattern -> formatter(pattern) == null).toList()));
        List<DateTimeFormatter> formatters = PATTERNS.stream().map(Formatting::formatter).toList();
        for (long instant : Instants.all()) lines.add(line(instant, formatters));
        for (long instant : Instants.recent(40)) lines.add(line(instant, formatters));
        return lines;
    }

    /** The formatter of a pattern; null where Joda-Time cannot format with it. */
    private static DateTimeFormatter formatter(String pattern) {
        try {
            DateTimeFormatter formatter = DateTimeFormat.forPattern(pattern).withLocale(Locale.ENGLISH);
            return formatter.isPrinter() ? formatter : null;
        } catch (IllegalArgumentException | UnsupportedOperationException refused) {
            return null;
        }
    }

    private static String line(long instant, List<DateTimeFormatter> formatters) {
        List<Object> items = new ArrayList<>();
        items.add(instant);
        DateTime date = new DateTime(instant, DateTimeZone.UTC);
        for (DateTimeFormatter formatter : formatters) items.add(formatter.print(date));
        return Json.array(items);
    }
}
