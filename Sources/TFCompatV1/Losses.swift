public enum Losses {}
