export const Page = () => <h1>Lessons</h1>;
