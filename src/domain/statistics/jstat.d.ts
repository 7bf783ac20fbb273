/** What is used of jstat 1.9, which publishes no types. */
declare module 'jstat' {
  const jStat: {
    normal: {
      cdf(x: number, mean: number, deviation: number): number;
      inv(p: number, mean: number, deviation: number): number;
    };
    gammaln(x: number): number;
  };
  export default jStat;
}
