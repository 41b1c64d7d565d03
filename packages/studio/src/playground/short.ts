/** Three significant digits, with a real minus sign; an en dash where there is no number. */
export const short = (value: number | undefined): string => {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text =
    value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3)
      ? value.toExponential(1)
      : Number(value.toPrecision(3)).toString();
  return text.replaceAll("-", "−");
};
