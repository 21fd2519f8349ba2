import java.util.ArrayList;
import java.util.List;

/**
 * How Java prints numbers with a fraction: each line is the number as JSON reads it, and as Java prints it. Beyond 10²⁰, Java before
 * version 19 prints some with more digits than they need.
 */
final class Doubles {
    private static final String[] DIGITS = {"1", "1.5", "-2.25", "9.99999", "1.00001", "4"};

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int exponent = -12; exponent <= 20; exponent++) {
            for (String digits : DIGITS) {
                String written = digits + "e" + exponent;
                lines.add(Json.array(List.of(written, Double.toString(Double.parseDouble(written)))));
            }
        }
        return lines;
    }
}
